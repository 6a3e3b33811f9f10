package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/**
 * WAL that the server keeps for its slots only, deleted behind its back. What its own crash recovery would need stays.
 * Permanent.
 */
public final class WalHarm implements Harm {
    private static final Pattern SEGMENT = Pattern.compile("[0-9A-F]{24}");

    private final SqlAccess access;
    private final Path folder;
    private final AtomicReference<List<String>> removed = new AtomicReference<>(List.of());

    /** WAL that is all there, in the server's data folder. */
    public WalHarm(SqlAccess access, Path data) {
        this.access = access;
        this.folder = data.resolve("pg_wal");
    }

    @Override
    public void inject() throws IOException {
        Sql.run(access, "CHECKPOINT");
        String redo = Sql.value(access, "SELECT redo_wal_file FROM pg_control_checkpoint()")
                .orElseThrow(() -> new IOException("the server names no checkpoint. Read its log."));
        List<String> old;
        try (Stream<Path> files = Files.list(folder)) {
            old = files.map(file -> file.getFileName().toString())
                    .filter(name -> SEGMENT.matcher(name).matches() && name.compareTo(redo) < 0)
                    .sorted()
                    .toList();
        }
        for (String name : old) {
            Files.deleteIfExists(folder.resolve(name));
        }
        removed.set(old);
    }

    /** Only when a slot needs a segment that is gone. */
    @Override
    public Optional<String> evidence() {
        List<String> gone = removed.get();
        if (gone.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Sql.rows(
                            access,
                            "SELECT slot_name, pg_walfile_name(restart_lsn) FROM pg_replication_slots"
                                    + " WHERE restart_lsn IS NOT NULL ORDER BY slot_name")
                    .stream()
                    .filter(slot -> gone.contains(slot.get(1)))
                    .findFirst()
                    .map(slot -> gone.size() + " segments removed; slot " + slot.get(0) + " needs " + slot.get(1));
        } catch (IOException unanswered) {
            return Optional.empty();
        }
    }

    /** There is nothing to stop: the harm is done once. */
    @Override
    public void heal() {}

    @Override
    public Optional<String> damage() {
        List<String> gone = removed.get();
        return gone.isEmpty()
                ? Optional.empty()
                : Optional.of(gone.size() + " segments of WAL stay removed, from " + gone.getFirst() + " to "
                        + gone.getLast());
    }
}
