package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TokensTest {
    @Test
    void two_streams_never_share_a_token() {
        Tokens tokens = Tokens.recorded();
        Tokens.Stream first = tokens.stream();
        Tokens.Stream second = tokens.stream();

        assertThat(first.at(7)).isNotEqualTo(second.at(7)).isPositive();
        assertThat(Tokens.streamOf(second.at(7))).isEqualTo(2);
        assertThat(Tokens.indexOf(second.at(7))).isEqualTo(7);
    }

    @Test
    void a_stream_ends_before_it_reaches_the_next() {
        Tokens.Stream stream = Tokens.recorded().stream();

        assertThat(stream.at((1L << 44) - 1)).isPositive();
        assertThatThrownBy(() -> stream.at(1L << 44)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> stream.at(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
