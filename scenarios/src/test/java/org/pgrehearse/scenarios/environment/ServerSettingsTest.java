package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServerSettingsTest {
    @Test
    void values_are_quoted_so_that_any_text_arrives() {
        assertThat(ServerSettings.render(Map.of("shop.motto", "it's a \\ \"day\"")))
                .isEqualTo("shop.motto = 'it''s a \\\\ \"day\"'\n");
    }

    @Test
    void commits_are_durable_unless_asked_otherwise() {
        assertThat(ServerSettings.defaults(15, true)).containsEntry("fsync", "on");
        assertThat(ServerSettings.defaults(15, false)).containsEntry("fsync", "off");
    }

    @Test
    void a_setting_goes_only_to_servers_that_know_it() {
        assertThat(ServerSettings.defaults(18, true)).containsKey("max_active_replication_origins");
        assertThat(ServerSettings.defaults(17, true)).doesNotContainKey("max_active_replication_origins");
    }

    @Test
    void nothing_but_a_setting_can_be_smuggled_in() {
        assertThatThrownBy(() -> ServerSettings.render(Map.of("work_mem = '1MB'\nfsync", "off")))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageEndingWith(": this is no setting's name. Correct it.");
        assertThatThrownBy(() -> ServerSettings.render(Map.of("work_mem", "1MB'\nfsync = 'off")))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot configure the setting \"work_mem\": its value has a line break or another control"
                        + " character. Remove it.");
    }
}
