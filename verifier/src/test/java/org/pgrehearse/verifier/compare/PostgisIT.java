package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.pgrehearse.verifier.compare.Verifications.only;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.InstalledServer;

/** The types of PostGIS, to the last bit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgisIT {
    private static final String SHAPES = """
            CREATE TABLE shapes (id int PRIMARY KEY, shape gis.geometry, point gis.geometry(Point, 4326),
              place gis.geography, picture gis.raster, flat gis.box2d, solid gis.box3d, many gis.geometry[],
              boxes gis.box2d[]);
            SET search_path = gis, public;
            INSERT INTO shapes
            SELECT i, ST_Buffer(ST_MakePoint(i / 3.0, i / 7.0), 1), ST_SetSRID(ST_MakePoint(i / 3.0, 1), 4326),
              ST_MakePoint(i / 3.0, i / 7.0)::geography,
              ST_AddBand(ST_MakeEmptyRaster(3, 3, i / 3.0, 0, 1), '8BUI'::text, i, 0),
              ST_MakeBox2D(ST_Point(0, 0), ST_Point(i / 3.0, i / 7.0)),
              ST_3DMakeBox(ST_MakePoint(0, 0, 0), ST_MakePoint(i / 3.0, i / 7.0, 1)),
              ARRAY[ST_MakePoint(i, i), NULL], ARRAY[ST_MakeBox2D(ST_Point(0, 0), ST_Point(i / 3.0, i / 7.0)), NULL]
            FROM generate_series(1, 20) AS i;
            INSERT INTO shapes (id) VALUES (21);
            """;

    private InstalledServer server;
    private Database original;

    @BeforeAll
    void start(@TempDir Path folder) {
        boolean there = InstalledServer.has("postgis") && InstalledServer.has("postgis_raster");
        assertThat(there || !Boolean.getBoolean("pgrehearse.tests.complete"))
                .as("apt-get install postgresql-15-postgis-3")
                .isTrue();
        assumeTrue(there);
        server = InstalledServer.start(folder);
        original = server.database();
        original.run(
                "CREATE SCHEMA gis; CREATE EXTENSION postgis SCHEMA gis; CREATE EXTENSION postgis_raster SCHEMA gis");
        original.run(SHAPES);
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private Database shapes() {
        return server.copyOf(original);
    }

    @ParameterizedTest
    @EnumSource(DigestKind.class)
    void the_same_shapes_are_the_same(DigestKind kind) {
        assertThat(only(verify(VerifyOptions.of(shapes(), shapes()).withDigest(kind)))
                        .verdict())
                .isEqualTo(Verdict.CONSISTENT);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "shape; ST_SetSRID(shape, 4326)",
                "shape; ST_Force3D(shape)",
                "shape; ST_SnapToGrid(shape, 1e-13)",
                "point; ST_SetSRID(ST_MakePoint(ST_X(point) + 3e-16, 1), 4326)",
                "place; ST_MakePoint(1 / 3.0, 1 / 7.0 + 1e-16)::geography",
                "picture; ST_SetValue(picture, 1, 1, 99)",
                "flat; ST_MakeBox2D(ST_Point(0, 0), ST_Point(1 / 3.0, 1 / 7.0 + 1e-16))",
                "solid; ST_3DMakeBox(ST_MakePoint(0, 0, 0), ST_MakePoint(1 / 3.0, 1 / 7.0 + 1e-16, 1))",
                "many; ARRAY[NULL, ST_MakePoint(1, 1)]",
                "boxes; ARRAY[ST_MakeBox2D(ST_Point(0, 0), ST_Point(1 / 3.0, 1 / 7.0 + 1e-16)), NULL]"
            })
    void one_value_that_is_another_is_found(String column, String value) {
        Database source = shapes();
        Database target = shapes();
        target.run("SET search_path = gis, public; UPDATE shapes SET " + column + " = " + value + " WHERE id = 1");
        for (DigestKind kind : DigestKind.values()) {
            TableComparison table = only(verify(VerifyOptions.of(source, target).withDigest(kind)));
            assertThat(table.changed()).as(kind.toString()).isEqualTo(1);
            assertThat(table.missing() + table.unexpected()).isZero();
        }
    }

    @Test
    void a_box_that_only_prints_alike_is_shown_with_what_differs() {
        Database source = shapes();
        Database target = shapes();
        target.run("SET search_path = gis, public; UPDATE shapes"
                + " SET flat = ST_MakeBox2D(ST_Point(0, 0), ST_Point(1 / 3.0, 1 / 7.0 + 1e-16)) WHERE id = 1");
        assertThat(only(verify(VerifyOptions.of(source, target))).differences().toString())
                .contains("BOX(0 0,0.333333333333333 0.142857142857143) 0103");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "DELETE FROM gis.spatial_ref_sys WHERE srid = 990001; MISSING ERROR",
                "UPDATE gis.spatial_ref_sys SET srtext = 'other' WHERE srid = 990001; DIFFERENT ERROR",
                "INSERT INTO gis.spatial_ref_sys (srid) VALUES (990002); DIFFERENT ERROR"
            })
    void rows_of_users_in_a_table_of_an_extension_are_compared(String change, String expected) {
        Database source = shapes();
        Database target = shapes();
        String own = "INSERT INTO gis.spatial_ref_sys (srid, srtext) VALUES (990001, 'own')";
        source.run(own);
        target.run(own);
        assertThat(verify(VerifyOptions.of(source, target)).catalog()).isEmpty();
        target.run(change);
        assertThat(verify(VerifyOptions.of(source, target)).catalog())
                .extracting(finding -> finding.object() + " " + finding.kind() + " " + finding.severity())
                .containsExactly("extension data gis.spatial_ref_sys " + expected);
    }
}
