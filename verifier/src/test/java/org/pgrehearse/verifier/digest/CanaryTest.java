package org.pgrehearse.verifier.digest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CanaryTest {
    @Test
    void servers_that_agree_keep_the_wanted_digest() {
        assertThat(Canary.agreed(DigestKind.EXACT, "{1,2}", "{1,2}")).isEqualTo(DigestKind.EXACT);
        assertThat(Canary.agreed(DigestKind.EQUAL, "{1,2}", "{1,2}")).isEqualTo(DigestKind.EQUAL);
    }

    @Test
    void servers_that_disagree_compare_texts() {
        assertThat(Canary.agreed(DigestKind.EXACT, "{1,2}", "{1,3}")).isEqualTo(DigestKind.TEXT);
        assertThat(Canary.agreed(DigestKind.EQUAL, "", "")).isEqualTo(DigestKind.TEXT);
    }
}
