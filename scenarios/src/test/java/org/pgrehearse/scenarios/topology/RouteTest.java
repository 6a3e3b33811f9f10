package org.pgrehearse.scenarios.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Side;

final class RouteTest {
    private static final Gateway SOURCE = new Gateway(Side.SOURCE, "127.0.0.1", 5432, "app");
    private static final Gateway TARGET = new Gateway(Side.TARGET, "::1", 5433, "app");

    @Test
    void a_switch_moves_the_position_and_its_generation() {
        Route route = new Route(List.of(SOURCE, TARGET), Side.SOURCE);
        route.switchTo(Side.TARGET);

        assertThat(route.side()).isEqualTo(Side.TARGET);
        assertThat(route.position()).isEqualTo(new Route.Position(TARGET, 1));
    }

    @Test
    void a_switch_to_the_side_in_use_changes_nothing() {
        Route route = new Route(List.of(SOURCE, TARGET), Side.SOURCE);
        route.switchTo(Side.SOURCE);

        assertThat(route.position()).isEqualTo(new Route.Position(SOURCE, 0));
    }

    @Test
    void a_way_back_is_a_new_generation() {
        Route route = new Route(List.of(SOURCE, TARGET), Side.SOURCE);
        route.switchTo(Side.TARGET);
        route.switchTo(Side.SOURCE);

        assertThat(route.position()).isEqualTo(new Route.Position(SOURCE, 2));
    }

    @Test
    void a_side_without_a_gateway_is_refused_and_the_route_stays() {
        Route route = new Route(List.of(SOURCE), Side.SOURCE);

        assertThatThrownBy(() -> route.switchTo(Side.TARGET))
                .hasMessage("Cannot switch to TARGET: the route has no gateway there.");
        assertThat(route.side()).isEqualTo(Side.SOURCE);
    }

    @Test
    void two_gateways_to_one_side_are_refused() {
        assertThatThrownBy(() -> new Route(List.of(SOURCE, SOURCE), Side.SOURCE))
                .hasMessage("Cannot route over two gateways to SOURCE.");
    }

    @Test
    void no_secret_and_no_address_is_lost_in_print() {
        assertThat(new Login("app", Secret.of("hunter2"), Map.of()).toString())
                .doesNotContain("hunter2")
                .contains("***");
        assertThat(TARGET).hasToString("TARGET at [::1]:5433/app");
        assertThatThrownBy(() -> new Gateway(Side.SOURCE, "", 5432, "app"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
