package org.pgrehearse.chaos.junit;

import static org.assertj.core.api.Assertions.allOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.suppressed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.pgrehearse.chaos.CannotHeal;
import org.pgrehearse.chaos.proxy.FaultProxy;

/** The extension under JUnit's own launcher, with the failures it must find planted in classes that run only there. */
final class FaultExtensionTest {
    @Test
    void a_fault_that_bites_and_heals_leaves_a_test_alone_and_the_next_one_undisturbed() {
        assertThat(run("bites").succeeded().count()).isEqualTo(1);
        assertThat(run("is_left_in_place").succeeded().count()).isEqualTo(1);
        assertThat(run("meets_no_fault").succeeded().count()).isEqualTo(1);
        assertThat(run("is_planned").succeeded().count()).isEqualTo(1);
    }

    @Test
    void a_fault_that_never_bit_fails_its_test() {
        fails(
                "never_bites",
                allOf(
                        instanceOf(AssertionError.class),
                        message(text -> text.startsWith("Cannot conclude anything from this test: Latency[proxy=app")
                                && text.contains("never bit")
                                && text.endsWith("Seed 77 (-Dpgrehearse.seed=77)."))));
    }

    @Test
    void a_planned_fault_that_never_came_fails_its_test() {
        fails(
                "never_comes",
                allOf(
                        instanceOf(AssertionError.class),
                        message(text -> text.contains(
                                "fault \"late\" was never put in place: commits at least 5 did not come"))));
    }

    @Test
    void a_planned_fault_that_never_bit_fails_its_test() {
        fails("never_bites_as_planned", message(text -> text.contains("fault \"idle\" never bit")));
    }

    @Test
    void a_fault_that_cannot_be_healed_fails_its_test() {
        fails(
                "never_heals",
                allOf(instanceOf(CannotHeal.class), message(text -> text.startsWith("Cannot heal kill at gone"))));
    }

    @Test
    void a_failing_test_keeps_its_own_failure_and_gets_the_others_as_suppressed() {
        fails(
                "fails_and_never_heals",
                allOf(
                        instanceOf(IllegalStateException.class),
                        message("its own"),
                        suppressed(0, instanceOf(CannotHeal.class))));
    }

    @Test
    void the_seed_is_published() {
        Optional<ReportEntry> entry = run("meets_no_fault").reportingEntryPublished().stream()
                .findFirst()
                .flatMap(published -> published.getPayload(ReportEntry.class));
        assertThat(entry.orElseThrow().getKeyValuePairs()).containsEntry("pgrehearse.seed", "77");
    }

    @Test
    void a_toxiproxy_elsewhere_is_used_and_left_without_our_proxies() throws IOException {
        try (FaultProxy elsewhere = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            FaultExtension extension = FaultExtension.toxiproxy(URI.create(
                            "http://127.0.0.1:" + elsewhere.apiAddress().getPort()))
                    .proxy("theirs", "127.0.0.1:1");
            assertThat(extension.start().proxies()).containsKey("theirs");
            assertThat(elsewhere.effects("theirs")).isPresent();
            extension.stop();
            assertThat(elsewhere.effects("theirs")).isEmpty();
        }
        assertThatThrownBy(() -> FaultExtension.toxiproxy(URI.create("somewhere")))
                .hasMessage("\"somewhere\" is no address of a Toxiproxy. Write it as http://127.0.0.1:8474.");
    }

    @Test
    void faults_outside_of_a_test_are_refused() {
        assertThatThrownBy(() -> FaultExtension.embedded().faults())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot inject faults outside of a test. Ask for them inside of one.");
    }

    private static void fails(String method, Condition<Throwable> condition) {
        run(method).assertThatEvents().haveExactly(1, event(test(method), finishedWithFailure(condition)));
    }

    private static Events run(String method) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(Planted.class, method, Faults.class))
                .execute()
                .testEvents();
    }
}
