package org.pgrehearse.scenarios.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ServerAccountTest {
    @Test
    void this_machine_has_an_account_that_is_not_root() {
        ServerAccount account = ServerAccount.detect();
        assertThat(Accounts.user(account.prefix())).isPositive();
        assertThat(Accounts.user(account.sessionPrefix())).isPositive();
        assertThat(account instanceof ServerAccount.Myself).isEqualTo(Accounts.user(List.of()) != 0);
    }

    @Test
    void another_user_brings_its_own_group_and_none_of_root() {
        assertThat(new ServerAccount.OtherUser("nobody", 4711).prefix())
                .containsExactly("setpriv", "--reuid=nobody", "--regid=4711", "--clear-groups");
    }

    @Test
    void what_cannot_be_run_is_no_account() {
        assertThat(Accounts.user(List.of("/no/such/program"))).isNegative();
        assertThat(Accounts.user(List.of("false"))).isNegative();
        assertThat(Accounts.group("no-such-user-here")).isNegative();
    }
}
