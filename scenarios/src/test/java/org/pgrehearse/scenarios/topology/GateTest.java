package org.pgrehearse.scenarios.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class GateTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final Gate gate = new Gate();

    @Test
    void an_open_gate_lets_in_without_patience() throws InterruptedException {
        assertThat(gate.enter(Duration.ZERO)).isTrue();
        assertThat(gate.inside()).isEqualTo(1);
        gate.leave();
        assertThat(gate.inside()).isZero();
    }

    @Test
    void a_paused_gate_lets_nobody_in_whose_patience_ends() throws InterruptedException {
        gate.pause();

        assertThat(gate.enter(Duration.ofMillis(20))).isFalse();
        assertThat(gate.inside()).isZero();
        assertThat(gate.paused()).isTrue();
    }

    @Test
    void whoever_waits_goes_on_when_it_resumes() {
        gate.pause();
        CompletableFuture<Boolean> entered = CompletableFuture.supplyAsync(this::enter);
        await().dontCatchUncaughtExceptions()
                .during(Duration.ofMillis(50))
                .atMost(LONG)
                .until(() -> !entered.isDone());
        gate.resume();

        assertThat(entered).succeedsWithin(LONG).isEqualTo(true);
    }

    @Test
    void the_gate_is_empty_only_when_the_last_write_left() throws InterruptedException {
        gate.enter(LONG);
        gate.enter(LONG);
        gate.pause();
        assertThat(gate.awaitEmpty(Duration.ofMillis(20))).isFalse();
        gate.leave();
        assertThat(gate.awaitEmpty(Duration.ofMillis(20))).isFalse();
        CompletableFuture.runAsync(gate::leave).join();

        assertThat(gate.awaitEmpty(LONG)).isTrue();
    }

    @Test
    void leaving_without_having_entered_is_a_bug() {
        assertThatThrownBy(gate::leave).isInstanceOf(IllegalStateException.class);
    }

    private boolean enter() {
        try {
            return gate.enter(LONG);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
