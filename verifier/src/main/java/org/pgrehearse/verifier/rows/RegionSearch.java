package org.pgrehearse.verifier.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.verifier.RowDifference.Region;
import org.pgrehearse.verifier.chunk.TablePlan;
import org.pgrehearse.verifier.digest.Digest;
import org.pgrehearse.verifier.snapshot.ReadFailedException;

/**
 * Finds where two values that are too long to be fetched differ first. Both servers hash the values block by block; one
 * block of each is fetched. Looks for a bounded number of regions; used by one thread.
 */
final class RegionSearch {
    private static final int BLOCK_BYTES = 65_536;
    private static final int REGIONS_MAX = 20;
    private static final int BEFORE_BYTES = 40;
    private static final int AFTER_BYTES = 160;

    private final TablePlan plan;
    private final RowSearch.On source;
    private final RowSearch.On target;
    private int searched;

    RegionSearch(TablePlan plan, RowSearch.On source, RowSearch.On target) {
        this.plan = plan;
        this.source = source;
        this.target = target;
    }

    /** The region; empty when enough were found or the server cannot turn the value into bytes. */
    Optional<Region> find(Digest.Pair column, FullRow onSource, FullRow onTarget) throws InterruptedException {
        if (searched == REGIONS_MAX) {
            return Optional.empty();
        }
        searched++;
        try {
            Blocks left = blocks(source, column, onSource);
            Blocks right = blocks(target, column, onTarget);
            int block = mismatch(left.hashes(), right.hashes());
            if (block < 0) {
                return Optional.empty();
            }
            byte[] one = block(source, column, onSource, block);
            byte[] other = block(target, column, onTarget, block);
            int mismatch = Arrays.mismatch(one, other);
            if (mismatch < 0) {
                return Optional.empty();
            }
            return Optional.of(new Region(
                    (long) block * BLOCK_BYTES + mismatch + 1,
                    "bytes",
                    left.length(),
                    right.length(),
                    around(one, mismatch, column.binary()),
                    around(other, mismatch, column.binary())));
        } catch (ReadFailedException e) {
            // The difference is proven by hashes; only where it begins stays untold.
            return Optional.empty();
        }
    }

    private record Blocks(long length, List<Long> hashes) {}

    private static int mismatch(List<Long> one, List<Long> other) {
        int shared = Math.min(one.size(), other.size());
        for (int i = 0; i < shared; i++) {
            if (!one.get(i).equals(other.get(i))) {
                return i;
            }
        }
        return one.size() == other.size() ? -1 : shared;
    }

    private Blocks blocks(RowSearch.On on, Digest.Pair column, FullRow row)
            throws ReadFailedException, InterruptedException {
        String sql = "SELECT octet_length(b), ARRAY(SELECT hash_array_extended(ARRAY[substr(b, 1 + n * " + BLOCK_BYTES
                + ", " + BLOCK_BYTES + ")], 42) FROM generate_series(0, octet_length(b) / " + BLOCK_BYTES
                + ") n ORDER BY n) FROM (SELECT " + expression(on, column, row) + ") q";
        return on.snapshot()
                .read(session -> session.first(
                                sql,
                                result -> new Blocks(result.getLong(1), List.of((Long[])
                                        result.getArray(2).getArray())))
                        .orElse(new Blocks(0, List.of())));
    }

    private byte[] block(RowSearch.On on, Digest.Pair column, FullRow row, int block)
            throws ReadFailedException, InterruptedException {
        String sql = "SELECT substr(b, " + (1 + (long) block * BLOCK_BYTES) + ", " + BLOCK_BYTES + ") FROM (SELECT "
                + expression(on, column, row) + ") q";
        return on.snapshot()
                .read(session ->
                        session.first(sql, result -> result.getBytes(1)).orElse(new byte[0]));
    }

    private String expression(RowSearch.On on, Digest.Pair column, FullRow row) {
        return column.bytes(on.rawText()) + " AS b"
                + plan.one(on.table(), row.place(), row.locator(), row.hash(), on.heap());
    }

    private static String around(byte[] block, int at, boolean binary) {
        int from = Math.max(0, Math.min(at, block.length) - BEFORE_BYTES);
        int to = Math.min(block.length, at + AFTER_BYTES);
        if (binary) {
            return "\\x" + HexFormat.of().formatHex(block, from, to);
        }
        // Neither end may lie within a character.
        while (from < to && continues(block[from])) {
            from++;
        }
        while (to > from && to < block.length && continues(block[to])) {
            to--;
        }
        return new String(block, from, to - from, UTF_8);
    }

    private static boolean continues(byte one) {
        return (one & 0xC0) == 0x80;
    }
}
