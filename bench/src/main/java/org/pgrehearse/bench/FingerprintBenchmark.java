package org.pgrehearse.bench;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.apache.commons.codec.digest.MurmurHash3;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What a fingerprint of a row's key costs on the client: 128 bits of MurmurHash3, beside SHA-256 and CRC-32C. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FingerprintBenchmark {
    private static final int KEYS = 1_024;
    private static final int SEED = 42;

    /** How long a key's text is: a small number, a UUID, several columns. */
    @Param({"8", "36", "200"})
    private int bytes;

    private byte[][] keys = new byte[0][];

    /** Keys of one length that differ in their last characters. */
    @Setup(Level.Trial)
    public void make() {
        keys = new byte[KEYS][];
        for (int i = 0; i < KEYS; i++) {
            String number = Integer.toString(i);
            keys[i] = ("0".repeat(bytes - number.length()) + number).getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** One key, 128 bits. */
    @Benchmark
    @OperationsPerInvocation(KEYS)
    public void murmur128(Blackhole hole) {
        for (byte[] key : keys) {
            hole.consume(MurmurHash3.hash128x64(key, 0, key.length, SEED));
        }
    }

    /** One key, 256 bits that nobody can forge. */
    @Benchmark
    @OperationsPerInvocation(KEYS)
    public void sha256(Blackhole hole) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (byte[] key : keys) {
            hole.consume(digest.digest(key));
        }
    }

    /** One key, 32 bits: too few to tell millions of keys apart, and the least that any fingerprint costs. */
    @Benchmark
    @OperationsPerInvocation(KEYS)
    public void crc32c(Blackhole hole) {
        CRC32C crc = new CRC32C();
        for (byte[] key : keys) {
            crc.reset();
            crc.update(key, 0, key.length);
            hole.consume(crc.getValue());
        }
    }
}
