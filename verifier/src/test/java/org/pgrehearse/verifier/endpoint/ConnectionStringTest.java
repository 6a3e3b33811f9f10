package org.pgrehearse.verifier.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.verifier.InvalidInputException;

final class ConnectionStringTest {
    @TempDir
    private Path home;

    private Endpoint parse(String text, String... environment) {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i], environment[i + 1]);
        }
        return ConnectionString.parse(text, new Surroundings(variables, home, "me"));
    }

    private static String password(Endpoint endpoint) {
        return endpoint.password().map(Secret::reveal).orElse("none");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "postgresql://; postgresql://localhost:5432/me; me",
                "postgres://localhost; postgresql://localhost:5432/me; me",
                "postgresql://u@h/db; postgresql://h:5432/db; u",
                "postgresql://u:p@h:6000/db; postgresql://h:6000/db; u",
                "postgresql://u%40corp:p%2Fq@h/d%20b; postgresql://h:5432/d%20b; u@corp",
                "postgresql://[::1]:6000/db; postgresql://[::1]:6000/db; me",
                "postgresql://a:1,b,c:3/db; postgresql://a:1,b:5432,c:3/db; me",
                "postgresql:///db?host=h&port=6000&user=u; postgresql://h:6000/db; u",
                "postgresql://h/db?user=other; postgresql://h:5432/db; other",
                "postgresql://h?dbname=db; postgresql://h:5432/db; me",
                "host=h port=6000 dbname=db user=u; postgresql://h:6000/db; u",
                "host = h  dbname = 'a b' user='o\\'x'; postgresql://h:5432/a%20b; o'x",
                "host=a,b port=1,2 dbname=db; postgresql://a:1,b:2/db; me",
                "host=a,b port=7 dbname=db; postgresql://a:7,b:7/db; me",
                "hostaddr=127.0.0.1 host=name dbname=db; postgresql://127.0.0.1:5432/db; me",
                "mydb; postgresql://localhost:5432/mydb; me"
            })
    void what_psql_takes(String text, String url, String user) {
        Endpoint endpoint = parse(text);
        assertThat(endpoint.displayUrl()).isEqualTo(url);
        assertThat(endpoint.user()).isEqualTo(user);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "postgresql:///db?host=/var/run; Cannot connect through the Unix socket /var/run: only TCP",
                "postgresql://%2Ftmp/db; Cannot connect through the Unix socket /tmp",
                "host=/tmp; Cannot connect through the Unix socket /tmp",
                "mysql://h/db; it begins neither with postgresql:// nor with postgres://",
                "postgresql://[::1/db; closing bracket",
                "postgresql://h:x/db; Cannot use \"x\" as port",
                "postgresql://h:70000/db; Cannot use port 70000",
                "postgresql://h/db?foo; a query parameter is not key=value",
                "postgresql://h/db?foo=1; Cannot use the connection option \"foo\"",
                "postgresql://h/d%2; percent sign",
                "postgresql://h/db?sslmode=yes; Cannot use \"yes\" as sslmode",
                "host=h dbname; an equals sign is missing",
                "host=h user='x; lacks its closing quote",
                "host=a,b,c port=1,2; Cannot match 2 ports to 3 hosts",
                "service=nowhere; Cannot find the connection service \"nowhere\"",
                "host=h replication=database; Cannot use the connection option \"replication\"",
                "host=h sslcrl=x; Cannot use the connection option \"sslcrl\"",
                "host=h connect_timeout=soon; Cannot use \"soon\" as connect_timeout"
            })
    void what_cannot_be_understood(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message)
                .hasMessageEndingWith(".");
    }

    @Test
    void what_is_said_wins_over_the_service_and_that_over_the_environment() throws IOException {
        Files.writeString(home.resolve("services"), """
                # a comment
                [other]
                host=wrong
                [app]
                host=from-service
                port=7000
                password=from-service
                """);
        Endpoint endpoint = parse(
                "service=app port=8000",
                "PGSERVICEFILE",
                home.resolve("services").toString(),
                "PGHOST",
                "from-environment",
                "PGDATABASE",
                "database-from-environment",
                "PGPASSWORD",
                "from-environment");
        assertThat(endpoint.displayUrl()).isEqualTo("postgresql://from-service:8000/database-from-environment");
        assertThat(password(endpoint)).isEqualTo("from-service");
        assertThat(parse(
                                "",
                                "PGSERVICE",
                                "other",
                                "PGSERVICEFILE",
                                home.resolve("services").toString())
                        .servers())
                .containsExactly(new HostPort("wrong", 5432));
    }

    @Test
    void the_home_folder_holds_services_too() throws IOException {
        Files.writeString(home.resolve(".pg_service.conf"), "[app]\nhost=h\n");
        assertThat(parse("service=app").displayUrl()).isEqualTo("postgresql://h:5432/me");
        assertThat(parse("postgresql://?service=app").displayUrl()).isEqualTo("postgresql://h:5432/me");
    }

    @Test
    void the_environment_fills_what_is_left_open() {
        Endpoint endpoint = parse(
                "",
                "PGHOST",
                "h",
                "PGPORT",
                "6000",
                "PGUSER",
                "u",
                "PGDATABASE",
                "db",
                "PGPASSWORD",
                "secret",
                "PGSSLMODE",
                "require",
                "PGOPTIONS",
                "-c geqo=off",
                "PGAPPNAME",
                "app",
                "PGCONNECT_TIMEOUT",
                "7",
                "PGTARGETSESSIONATTRS",
                "read-write");
        assertThat(endpoint.displayUrl()).isEqualTo("postgresql://h:6000/db");
        assertThat(endpoint.user()).isEqualTo("u");
        assertThat(password(endpoint)).isEqualTo("secret");
        assertThat(endpoint.setting("sslmode")).contains("require");
        assertThat(endpoint.setting("options")).contains("-c geqo=off");
        assertThat(endpoint.setting("ApplicationName")).contains("app");
        assertThat(endpoint.setting("connectTimeout")).contains("7");
        assertThat(endpoint.setting("targetServerType")).contains("primary");
    }

    @Test
    void the_password_file_is_searched_from_the_top() throws IOException {
        passwordFile(
                ".pgpass",
                "# comment\nh:5432:other:u:no\nh:*:db:u:with\\:colon\\\\and:more\n*:*:*:*:last\n",
                "rw-------");
        assertThat(password(parse("postgresql://u@h/db"))).isEqualTo("with:colon\\and:more");
        assertThat(password(parse("postgresql://u@elsewhere/db"))).isEqualTo("last");
        assertThat(password(parse("postgresql://u:said@h/db"))).isEqualTo("said");
    }

    @Test
    void a_password_file_open_to_others_is_ignored_with_a_warning() throws IOException {
        Path file = passwordFile("pass", "*:*:*:*:secret\n", "rw-r-----");
        Endpoint endpoint = parse("postgresql://h/db", "PGPASSFILE", file.toString());
        assertThat(password(endpoint)).isEqualTo("none");
        assertThat(endpoint.warnings()).singleElement().asString().contains("0600");
    }

    private Path passwordFile(String name, String text, String permissions) throws IOException {
        Path file = Files.writeString(home.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void a_password_never_shows() {
        Endpoint endpoint = parse("postgresql://user:hunter2@h/db");
        assertThat(endpoint.toString() + endpoint.displayUrl() + endpoint.password())
                .doesNotContain("hunter2")
                .doesNotContain("user");
        assertThatThrownBy(() -> parse("postgresql://user:hunter2@h/db?sslmode=x"))
                .message()
                .doesNotContain("hunter2");
        assertThatThrownBy(() -> parse("postgresql://user:hunter2@h:port/db"))
                .message()
                .doesNotContain("hunter2");
        assertThatThrownBy(() -> parse("host=h password='hunter2")).message().doesNotContain("hunter2");
    }

    @Test
    void connecting_to_nowhere_says_where() {
        Endpoint endpoint = parse("postgresql://u:hunter2@127.0.0.1:1/db");
        assertThatThrownBy(endpoint::open).isInstanceOf(SQLException.class);
    }
}
