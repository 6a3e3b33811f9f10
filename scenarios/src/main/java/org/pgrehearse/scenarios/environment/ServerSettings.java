package org.pgrehearse.scenarios.environment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The contents of a rehearsal server's configuration file. */
final class ServerSettings {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*(\\.[A-Za-z_][A-Za-z0-9_$]*)?");
    private static final int ACTIVE_ORIGINS_SINCE = 18;

    private ServerSettings() {}

    /** What a rehearsal needs on top of PostgreSQL's defaults: any migration system, and every failure soon. */
    static Map<String, String> defaults(int major, boolean fsync) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("fsync", fsync ? "on" : "off");
        settings.put("wal_level", "logical");
        settings.put("max_connections", Integer.toString(EmbeddedPlan.CONNECTIONS));
        settings.put("max_wal_senders", "40");
        settings.put("max_replication_slots", "40");
        settings.put("max_worker_processes", "40");
        settings.put("max_logical_replication_workers", "24");
        settings.put("max_sync_workers_per_subscription", "4");
        settings.put("max_prepared_transactions", "20");
        settings.put("shared_buffers", "256MB");
        settings.put("max_wal_size", "2GB");
        // In the data folder: after a crash nothing stays behind in /dev/shm, which is small in containers too.
        settings.put("dynamic_shared_memory_type", "mmap");
        settings.put("wal_sender_timeout", "10s");
        settings.put("wal_receiver_timeout", "10s");
        settings.put("wal_retrieve_retry_interval", "500ms");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        settings.put("log_line_prefix", "%m [%p] %q%u@%d %a ");
        settings.put("log_lock_waits", "on");
        settings.put("log_replication_commands", "on");
        if (major >= ACTIVE_ORIGINS_SINCE) {
            settings.put("max_active_replication_origins", "40");
        }
        return settings;
    }

    /** The settings as text for postgresql.conf. */
    static String render(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> name(setting.getKey()) + " = " + value(setting.getKey(), setting.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static String name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new EnvironmentException(
                    "Cannot configure the setting \"" + name + "\": this is no setting's name. Correct it.");
        }
        return name;
    }

    private static String value(String name, String value) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new EnvironmentException("Cannot configure the setting \"" + name
                    + "\": its value has a line break or another control character. Remove it.");
        }
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
