package org.pgrehearse.scenarios.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedPlan;
import org.pgrehearse.scenarios.environment.TestEnvironments;

/** A real server reads back, from the text, exactly the value whose binary form it wrote. */
final class WireValuesIT {
    @TempDir
    private Path logs;

    private static Map<String, List<String>> values() {
        Map<String, List<String>> values = new LinkedHashMap<>();
        values.put("bool", List.of("true", "false"));
        values.put("int2", List.of("-32768", "7"));
        values.put("int4", List.of("-2147483648", "2147483647"));
        values.put("int8", List.of("-9223372036854775808", "9223372036854775807"));
        values.put("oid", List.of("4294967295"));
        values.put("float4", List.of("0.1", "1e-45", "3.4028235e38", "NaN", "-Infinity"));
        values.put("float8", List.of("0.1", "5e-324", "1.7976931348623157e308", "NaN", "Infinity", "-0"));
        values.put(
                "numeric",
                List.of(
                        "0",
                        "0.000",
                        "1.500",
                        "-12345.678901",
                        "1e30",
                        "1e-30",
                        "10000",
                        "0.00001",
                        "NaN",
                        "-Infinity"));
        values.put("text", List.of("", "it''s \\ \"é\"\t€"));
        values.put("bytea", List.of("", "\\x00ff10"));
        values.put("uuid", List.of("a1b2c3d4-0000-1111-2222-f33344445555"));
        values.put(
                "date", List.of("2000-01-01", "1999-12-31", "0044-03-15 BC", "99999-01-01", "infinity", "-infinity"));
        values.put("time", List.of("00:00", "24:00", "12:34:56.789012"));
        values.put("timestamp", List.of("1999-12-31 23:59:59.999999", "4713-01-02 BC", "infinity", "294000-01-01"));
        values.put("timestamptz", List.of("2024-02-29 12:00:00.5+05:30", "0001-01-01 BC", "-infinity"));
        values.put("interval", List.of("1 mon -2 days 3.5 s", "-1 mon 2 days -0.000001 s", "0", "178000000 years"));
        values.put("json", List.of("{\"a\": [1, \"b\"]}"));
        values.put("jsonb", List.of("{\"a\": [1, \"b\"]}"));
        values.put("int4[]", List.of("{}", "{1,NULL,-3}"));
        values.put("text[]", List.of("{\"a\\\\b\",\"c\\\"d\",NULL,\"NULL\",\"\"}"));
        values.put("uuid[]", List.of("{a1b2c3d4-0000-1111-2222-f33344445555}"));
        values.put("timestamptz[]", List.of("{\"2024-02-29 12:00:00+00\"}"));
        return values;
    }

    @Test
    void every_type_comes_out_as_the_value_that_went_in() throws Exception {
        try (EmbeddedEnvironment servers =
                        TestEnvironments.start(EmbeddedPlan.of(15, 17).withFsync(false), logs);
                Connection connection = servers.target().admin();
                Statement statement = connection.createStatement()) {
            for (Map.Entry<String, List<String>> type : values().entrySet()) {
                for (String value : type.getValue()) {
                    String literal = "'" + value + "'::" + type.getKey();
                    int oid;
                    byte[] binary;
                    try (ResultSet row = statement.executeQuery("SELECT '" + type.getKey() + "'::regtype::oid::int8, "
                            + (type.getKey().endsWith("[]") ? "array_send(" : sender(type.getKey()) + "(") + literal
                            + ")")) {
                        assertThat(row.next()).isTrue();
                        oid = row.getInt(1);
                        binary = row.getBytes(2);
                    }
                    String text = WireValues.text(oid, binary).orElseThrow(() -> new AssertionError(literal));
                    assertThat(TestEnvironments.query(
                                    connection,
                                    "SELECT ('" + text.replace("'", "''") + "'::" + type.getKey() + ")::text = ("
                                            + literal + ")::text"))
                            .as(literal + " as " + text)
                            .isEqualTo("t");
                    byte[] longer = Arrays.copyOf(binary, binary.length + 1);
                    if (!List.of("text", "bytea", "json", "jsonb").contains(type.getKey())) {
                        assertThat(WireValues.text(oid, longer))
                                .as("longer " + literal)
                                .isEmpty();
                    }
                }
            }
        }
        assertThat(WireValues.text(600, new byte[16])).isEmpty();
    }

    /** The twin: what is shorter than its type, or says that it is longer than it is, is no value. */
    @Test
    void bytes_that_are_no_value_of_their_type_are_refused() {
        for (int type :
                new int[] {16, 20, 21, 23, 26, 700, 701, 1082, 1083, 1114, 1184, 1186, 1700, 2950, 1007, 3802}) {
            assertThat(WireValues.text(type, new byte[0])).as("type " + type).isEmpty();
        }
        byte[] hostile = {0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 127, -1, -1, -1, 0, 0, 0, 1, 127, -1, -1, -1};
        assertThat(WireValues.text(1007, hostile)).isEmpty();
        assertThat(WireValues.text(1700, new byte[] {127, -1, 127, -1, 0, 0, 0, 0}))
                .isEmpty();
        assertThat(WireValues.text(25, new byte[] {(byte) 0xff})).isEmpty();
    }

    private static String sender(String type) {
        return switch (type) {
            case "timestamp" -> "timestamp_send";
            case "timestamptz" -> "timestamptz_send";
            case "json" -> "json_send";
            case "float4", "float8", "bool", "int2", "int4", "int8", "text", "bytea" -> type + "send";
            case "oid" -> "oidsend";
            default -> type + "_send";
        };
    }
}
