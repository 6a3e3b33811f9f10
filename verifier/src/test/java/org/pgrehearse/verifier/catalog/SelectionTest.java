package org.pgrehearse.verifier.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.verifier.InvalidInputException;

final class SelectionTest {
    private static Catalog catalog(String... names) {
        return new Catalog(
                Arrays.stream(names)
                        .map(name -> new Table(named(name), 1, false, 1, List.of(), List.of(), List.of()))
                        .toList(),
                List.of());
    }

    private static TableName named(String name) {
        int dot = name.indexOf('.');
        return new TableName(name.substring(0, dot), name.substring(dot + 1));
    }

    private static List<String> pairs(Selection selection, Catalog source, Catalog target) {
        return selection.pairs(source, target).stream()
                .map(pair -> (pair.source() == null ? "-" : pair.sourceName()) + ">"
                        + (pair.target() == null ? "-" : pair.targetName()))
                .toList();
    }

    @ParameterizedTest(name = "{0} matches {1}: {2}")
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "orders, shop.orders, true",
                "orders, other.orders, true",
                "shop.orders, other.orders, false",
                "shop.*, shop.orders, true",
                "shop.ord*, shop.orders, true",
                "shop.ord?rs, shop.orders, true",
                "*.*, shop.orders, true",
                "SHOP.Orders, shop.orders, true",
                "shop.\"Orders\", shop.orders, false",
                "shop.\"Orders\", shop.Orders, true",
                "\"a*\".t, ab.t, false",
                "sh.orders, shop.orders, false",
                "shop.o.*, shop.orders, false"
            })
    void patterns_are_read_as_psql_reads_them(String pattern, String name, boolean matches) {
        boolean invalid = pattern.chars().filter(c -> c == '.').count() > 1;
        if (invalid) {
            assertThatThrownBy(() -> Pattern.of(pattern)).isInstanceOf(InvalidInputException.class);
        } else {
            assertThat(Pattern.of(pattern).matches(named(name))).isEqualTo(matches);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".b", "\"a", "a.b.c"})
    void patterns_that_mean_nothing_are_refused(String pattern) {
        assertThatThrownBy(() -> Pattern.of(pattern))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("Cannot read the table pattern ");
    }

    @Test
    void tables_of_either_side_are_paired_by_name() {
        assertThat(pairs(Selection.everything(), catalog("s.a", "s.b"), catalog("s.b", "s.c")))
                .containsExactly("s.a>-", "s.b>s.b", "->s.c");
    }

    @Test
    void included_and_excluded() {
        Catalog catalog = catalog("s.a", "s.ab", "s.b", "u.a");
        assertThat(pairs(Selection.of(List.of("s.*"), List.of("*b"), List.of()), catalog, catalog))
                .containsExactly("s.a>s.a");
        assertThat(pairs(Selection.of(List.of("a"), List.of(), List.of()), catalog, catalog))
                .containsExactly("s.a>s.a", "u.a>u.a");
    }

    @Test
    void a_mapped_table_has_another_name_on_the_target() {
        Selection renamed = Selection.of(List.of(), List.of(), List.of("s.a=u.b"));
        assertThat(pairs(renamed, catalog("s.a", "s.c"), catalog("s.c", "u.b"))).containsExactly("s.a>u.b", "s.c>s.c");
        Selection within = Selection.of(List.of("s.a"), List.of(), List.of("s.a=s.b"));
        assertThat(pairs(within, catalog("s.a", "s.b"), catalog("s.a", "s.b"))).containsExactly("s.a>s.b");
    }

    @Test
    void what_names_nothing_is_refused() {
        Catalog catalog = catalog("s.a");
        for (Selection selection : List.of(
                Selection.of(List.of("s.x"), List.of(), List.of()),
                Selection.of(List.of(), List.of("s.x"), List.of()),
                Selection.of(List.of(), List.of(), List.of("s.x=s.a")),
                Selection.of(List.of(), List.of(), List.of("s.a=s.x")))) {
            assertThatThrownBy(() -> selection.pairs(catalog, catalog)).isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> Selection.of(List.of(), List.of(), List.of("s.a")))
                .hasMessageContaining("Write schema.table=schema.table");
    }
}
