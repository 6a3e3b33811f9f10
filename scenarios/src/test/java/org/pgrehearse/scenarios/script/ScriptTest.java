package org.pgrehearse.scenarios.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgrehearse.scenarios.workload.Builtin;

final class ScriptTest {
    @Test
    void statements_end_at_semicolons_outside_of_quotes_and_comments() throws InvalidScript {
        Script script = Script.parse("s.sql", """
                -- a comment; not a statement
                SELECT ';', E'it\\'s;', "a;b", $x$ ; $x$ /* ; /* ; */ ; */
                  , 1;
                INSERT INTO t
                VALUES (:a);
                CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);
                SELECT 3
                """);

        assertThat(script.commands()).hasSize(4).allMatch(Command.Sql.class::isInstance);
        assertThat(script.commands()).extracting(Command::line).containsExactly(2, 4, 6, 7);
    }

    @Test
    void variables_are_found_where_pgbench_finds_them() {
        SqlText text = SqlText.of("SELECT :a::int, ':a', '12:30', b ? 'x?', :unset -- :a");
        Variables variables = new Variables(Map.of("a", Value.of(7L)));

        assertThat(text.substituted(variables)).isEqualTo("SELECT 7::int, '7', '12:30', b ? 'x?', :unset -- 7");
        assertThat(text.parameterized()).isEqualTo("SELECT ?::int, ':a', '12:30', b ?? 'x?', ? -- :a");
        assertThat(text.parameters()).containsExactly("a", "unset");
    }

    @Test
    void everything_wrong_is_said_with_its_line() {
        InvalidScript invalid = catchThrowableOfType(InvalidScript.class, () -> Script.parse("my.sql", """
                \\set a 1 +
                \\set
                SELECT 1 \\; SELECT 2;
                \\sleep 3 hours
                \\startpipeline
                SELECT 'open
                \\shell ls
                """));

        assertThat(invalid.problems())
                .extracting(ScriptProblem::toString)
                .containsExactly(
                        "my.sql:1: cannot read the expression of \\set: ends too early",
                        "my.sql:2: \\set needs a name of letters, digits and underscores",
                        "my.sql:3: \\; (statements sent together) is not supported; end each with a semicolon",
                        "my.sql:4: \\sleep knows the units us, ms and s, not \"hours\"",
                        "my.sql:5: \\startpipeline needs pipelines, which the driver has not; pgrehearse runs scripts"
                                + " without it",
                        "my.sql:6: what begins with ' is never closed");
        assertThat(problems("\\if true\nSELECT 1;\n")).containsExactly("my.sql:1: \\if without \\endif");
        assertThat(problems("SELECT 1;\n\\endif\n")).containsExactly("my.sql:2: \\endif without \\if");
        assertThat(problems("\\if 1\nSELECT 1;\n\\else\n\\else\n\\endif\n"))
                .containsExactly("my.sql:4: \\else after \\else");
        assertThat(problems("\\gset\nSELECT 1;")).containsExactly("my.sql:1: \\gset must follow a statement");
        assertThat(problems("\\copy t from x\nSELECT 1;")).containsExactly("my.sql:1: invalid command \\copy");
        assertThat(problems("-- nothing\n")).containsExactly("my.sql:1: holds no statement");
    }

    @Test
    void the_form_says_which_transactions_a_ledger_can_join() throws InvalidScript {
        assertThat(form("\\set a 1\nBEGIN;\nUPDATE t SET a = 1;\nEND;")).isEqualTo(new Script.Form.Block(1, 3, ""));
        assertThat(form("begin isolation level serializable; DELETE FROM t; commit work;"))
                .isEqualTo(new Script.Form.Block(0, 2, "isolation level serializable"));
        assertThat(form("BEGIN; SAVEPOINT a; DELETE FROM t; ROLLBACK TO a; COMMIT;"))
                .isEqualTo(new Script.Form.Block(0, 4, ""));
        assertThat(form("UPDATE t SET a = 1;")).isEqualTo(new Script.Form.Bare());
        assertThat(form("SELECT 1; (SELECT 2);")).isEqualTo(new Script.Form.Reads(true));
        assertThat(form("BEGIN READ ONLY; CALL p(); COMMIT;")).isEqualTo(new Script.Form.Reads(false));
    }

    @Test
    void a_script_whose_transactions_are_not_one_is_told_apart() throws InvalidScript {
        for (String other : List.of(
                "BEGIN; DELETE FROM t; COMMIT; BEGIN; DELETE FROM t; COMMIT;",
                "DELETE FROM t; BEGIN; DELETE FROM t; COMMIT;",
                "BEGIN; DELETE FROM t; ROLLBACK;",
                "BEGIN; DELETE FROM t;",
                "BEGIN; DELETE FROM t; COMMIT AND CHAIN;",
                "BEGIN; DELETE FROM t; PREPARE TRANSACTION 'x';",
                "\\if 1\nBEGIN;\n\\endif\nDELETE FROM t; COMMIT;")) {
            assertThat(form(other)).as(other).isInstanceOf(Script.Form.Other.class);
        }
    }

    @Test
    void the_builtins_are_transactions_that_the_ledger_can_join() throws InvalidScript {
        for (Builtin builtin : Builtin.values()) {
            for (Builtin.Part part : builtin.parts()) {
                assertThat(form(part.script()))
                        .as(part.name())
                        .isInstanceOfAny(Script.Form.Block.class, Script.Form.Reads.class);
            }
        }
    }

    private static Script.Form form(String text) throws InvalidScript {
        return Script.parse("s.sql", text).form();
    }

    private static List<String> problems(String text) {
        return catchThrowableOfType(InvalidScript.class, () -> Script.parse("my.sql", text)).problems().stream()
                .map(ScriptProblem::toString)
                .toList();
    }

    @Test
    void a_copy_has_the_rows_that_are_said_behind_it_and_writes() throws InvalidScript {
        Script script = Script.parse("f", "\\set n 3\nCOPY t (a, b) FROM STDIN;\n\\rows :n :row, random(1, 5) * 2");
        assertThat(script.commands().getLast())
                .isInstanceOfSatisfying(
                        Command.Copy.class, copy -> assertThat(copy.values()).hasSize(2));
        assertThat(script.form()).isInstanceOf(Script.Form.Bare.class);
    }

    @Test
    void a_copy_without_rows_and_rows_without_a_copy_are_refused() {
        assertThat(problems("COPY t FROM STDIN;"))
                .containsExactly("my.sql:1: COPY … FROM STDIN needs \\rows behind it, which gives it its rows");
        assertThat(problems("COPY t FROM STDIN (FORMAT csv);\n\\rows 1 1"))
                .containsExactly("my.sql:2: \\rows must follow a statement COPY … FROM STDIN without options");
        assertThat(problems("COPY t FROM STDIN;\n\\rows many 1"))
                .contains("my.sql:2: \\rows needs a whole number or a variable, and an expression for each column");
        assertThat(problems("COPY t FROM STDIN;\n\\rows 1 1 2"))
                .contains("my.sql:2: cannot read the expression of \\rows: unexpected \"2\"");
    }
}
