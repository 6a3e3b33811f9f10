package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.scenarios.environment.Server;

/** What a step sees of the rig is all of it. */
final class HeldRigTest {
    @Test
    void every_method_of_a_rig_and_of_a_server_is_passed_on() throws NoSuchMethodException {
        for (Method method : instanceMethods(Rig.class)) {
            assertThat(HeldRig.class
                            .getMethod(method.getName(), method.getParameterTypes())
                            .getDeclaringClass())
                    .as(method.getName())
                    .isEqualTo(HeldRig.class);
        }
        for (Method method : instanceMethods(Server.class)) {
            assertThat(HeldRig.HeldServer.class
                            .getMethod(method.getName(), method.getParameterTypes())
                            .getDeclaringClass())
                    .as(method.getName())
                    .isEqualTo(HeldRig.HeldServer.class);
        }
    }

    private static List<Method> instanceMethods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
                .toList();
    }
}
