package org.pgrehearse.verifier.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.Cell;

final class ChangeReaderTest {
    private static final int INT8 = 20;
    private static final int TEXT = 25;
    private static final int NUMERIC = 1700;
    private static final RowDifference SEVEN = missing("7");
    private static final RowDifference EIGHT = missing("8");

    private final Suspects suspects = new Suspects(List.of(SEVEN, EIGHT), Map.of("id", INT8));
    private final ChangeReader reader = new ChangeReader(Map.of("public.t", suspects), Map.of(2, Set.of("public.t")));

    @Test
    void a_key_that_changed_is_explained_and_another_is_not() {
        reader.read(relation(1, "t", INT8, 1));
        reader.read(update(1, null, "7"));
        assertThat(suspects.explained(SEVEN)).isTrue();
        assertThat(suspects.explained(EIGHT)).isFalse();
    }

    @Test
    void a_key_that_was_changed_to_another_explains_both() {
        reader.read(relation(1, "t", INT8, 1));
        reader.read(update(1, "7", "8"));
        assertThat(suspects.explained(SEVEN)).isTrue();
        assertThat(suspects.explained(EIGHT)).isTrue();
    }

    @Test
    void a_partition_counts_as_its_root_and_another_table_does_not() {
        reader.read(relation(3, "other", INT8, 1));
        reader.read(update(3, null, "7"));
        assertThat(suspects.explained(SEVEN)).isFalse();
        reader.read(relation(2, "leaf", INT8, 1));
        reader.read(update(2, null, "7"));
        assertThat(suspects.explained(SEVEN)).isTrue();
    }

    @Test
    void a_truncated_table_changed_as_a_whole() {
        reader.read(relation(1, "t", INT8, 1));
        reader.read(message(out -> {
            out.writeByte('T');
            out.writeInt(1);
            out.writeByte(0);
            out.writeInt(1);
        }));
        assertThat(suspects.explained(EIGHT)).isTrue();
    }

    @Test
    void a_key_whose_old_value_is_not_sent_leaves_the_whole_table_in_doubt() {
        reader.read(relation(1, "t", INT8, 0));
        assertThat(suspects.explained(EIGHT)).isFalse();
        reader.read(update(1, null, "7"));
        assertThat(suspects.explained(EIGHT)).isTrue();
    }

    @Test
    void a_type_whose_equal_values_have_several_texts_leaves_the_whole_table_in_doubt() {
        reader.read(relation(1, "t", NUMERIC, 1));
        reader.read(update(1, null, "7.0"));
        assertThat(suspects.explained(EIGHT)).isTrue();
    }

    @Test
    void a_table_without_a_key_is_in_doubt_after_any_change_and_not_before() {
        RowDifference row = new RowDifference.Occurrences(List.of(new Cell("note", "x")), 1, 0);
        Suspects keyless = new Suspects(List.of(row), Map.of());
        ChangeReader other = new ChangeReader(Map.of("public.t", keyless), Map.of());
        other.read(relation(1, "t", TEXT, 1));
        assertThat(keyless.explained(row)).isFalse();
        other.read(update(1, null, "y"));
        assertThat(keyless.explained(row)).isTrue();
    }

    private static RowDifference missing(String id) {
        return new RowDifference.Missing(List.of(new Cell("id", id)));
    }

    private static byte[] relation(int oid, String name, int type, int flags) {
        return message(out -> {
            out.writeByte('R');
            out.writeInt(oid);
            out.write(("public\0" + name + "\0d").getBytes(StandardCharsets.UTF_8));
            out.writeShort(1);
            out.writeByte(flags);
            out.write("id\0".getBytes(StandardCharsets.UTF_8));
            out.writeInt(type);
            out.writeInt(-1);
        });
    }

    private static byte[] update(int oid, @Nullable String before, String after) {
        return message(out -> {
            out.writeByte('U');
            out.writeInt(oid);
            if (before != null) {
                tuple(out, 'K', before);
            }
            tuple(out, 'N', after);
        });
    }

    private static void tuple(DataOutputStream out, char kind, String value) throws IOException {
        out.writeByte(kind);
        out.writeShort(1);
        out.writeByte('t');
        out.writeInt(value.length());
        out.write(value.getBytes(StandardCharsets.UTF_8));
    }

    @FunctionalInterface
    private interface Part {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] message(Part part) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            part.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
