package org.pgrehearse.chaos;

import java.io.IOException;
import java.util.Optional;
import org.pgrehearse.chaos.network.Control;
import org.pgrehearse.chaos.network.ToxicPlan;
import org.pgrehearse.chaos.proxy.Effects;

/** A fault made of toxics on one proxy. */
record ToxicInjection(String proxy, ToxicPlans plans, Control control, EffectsSource source) implements Injection {
    @Override
    public void inject() throws IOException {
        for (ToxicPlan toxic : plans.toxics()) {
            control.addToxic(proxy, toxic);
        }
    }

    @Override
    public Optional<String> evidence() {
        return source.effects(proxy)
                .map(this::count)
                .filter(count -> count > 0)
                .map(count -> count + " " + plans.evidence());
    }

    @Override
    public void heal() throws IOException {
        for (ToxicPlan toxic : plans.toxics()) {
            if (control.toxic(proxy, toxic.name()).isPresent()) {
                control.removeToxic(proxy, toxic.name());
            }
        }
    }

    private long count(Effects effects) {
        return plans.toxics().stream()
                .mapToLong(toxic -> plans.bitten(effects.toxic(toxic.name())))
                .sum();
    }
}
