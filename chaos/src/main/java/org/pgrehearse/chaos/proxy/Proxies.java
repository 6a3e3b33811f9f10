package org.pgrehearse.chaos.proxy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** All proxies of one server, and what changes them, one at a time. Safe for use by many threads. */
final class Proxies {
    private static final Duration TURN_WAIT_MAX = Duration.ofSeconds(5);

    private final Map<String, Proxy> byName = new ConcurrentHashMap<>();
    private final ReentrantLock turn = new ReentrantLock(true);
    private final Dice dice;
    private final LongSupplier nanos;

    Proxies(Dice dice, LongSupplier nanos) {
        this.dice = dice;
        this.nanos = nanos;
    }

    /** Every proxy, by name. */
    List<Proxy> all() {
        return List.copyOf(new TreeMap<>(byName).values());
    }

    Optional<Proxy> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Proxy get(String name) throws ApiProblem {
        return find(name).orElseThrow(ApiProblem::proxyNotFound);
    }

    /** Creates a proxy with its toxics; no connection is accepted before they hold. */
    Proxy create(Blueprint blueprint) throws ApiProblem {
        return inTurn(() -> {
            if (byName.containsKey(blueprint.name())) {
                throw ApiProblem.proxyAlreadyExists();
            }
            Proxy proxy = new Proxy(blueprint, dice, nanos);
            if (blueprint.enabled()) {
                proxy.enable(Listener.bind(blueprint.listen()));
            }
            byName.put(proxy.name(), proxy);
            return proxy;
        });
    }

    /** Creates or replaces many proxies with their toxics: all of them, or none. */
    List<Proxy> populate(List<Blueprint> blueprints) throws ApiProblem {
        refuseDuplicates(blueprints);
        return inTurn(() -> {
            Map<String, Listener> bound = bindWhereNeeded(blueprints);
            List<Proxy> populated = new ArrayList<>();
            for (Blueprint blueprint : blueprints) {
                populated.add(place(blueprint, bound.get(blueprint.name())));
            }
            return populated;
        });
    }

    /** Changes where a proxy listens, what it leads to and whether it is enabled. */
    Proxy update(String name, Change change) throws ApiProblem {
        return inTurn(() -> {
            Proxy proxy = get(name);
            boolean enabled = change.enabled() == null ? proxy.isEnabled() : change.enabled();
            Address listen = change.listen() == null ? proxy.listen() : change.listen();
            boolean moves = !listen.equals(proxy.listen());
            Listener moved = moves && enabled ? Listener.bind(listen) : null;
            if (change.upstream() != null && !change.upstream().equals(proxy.upstream())) {
                proxy.repoint(change.upstream());
            }
            if (moves || !enabled) {
                proxy.disable();
                proxy.moveTo(listen);
            }
            if (enabled && !proxy.isEnabled()) {
                proxy.enable(moved == null ? Listener.bind(listen) : moved);
            }
            return proxy;
        });
    }

    void remove(String name) throws ApiProblem {
        inTurn(() -> {
            Proxy proxy = get(name);
            proxy.disable();
            byName.remove(name);
            return proxy;
        });
    }

    ActiveToxic addToxic(String name, Toxic toxic) throws ApiProblem {
        return inTurn(() -> {
            Proxy proxy = get(name);
            if (proxy.toxic(toxic.name()).isPresent()) {
                throw ApiProblem.toxicAlreadyExists();
            }
            ActiveToxic added = ActiveToxic.of(toxic);
            List<ActiveToxic> changed = new ArrayList<>(proxy.toxics());
            changed.add(added);
            proxy.replaceToxics(changed);
            return added;
        });
    }

    ActiveToxic updateToxic(String name, String toxicName, ToxicEdit edit) throws ApiProblem {
        return inTurn(() -> {
            Proxy proxy = get(name);
            ActiveToxic old = proxy.toxic(toxicName).orElseThrow(ApiProblem::toxicNotFound);
            ActiveToxic edited = new ActiveToxic(edit.of(old.toxic()), old.tally());
            proxy.replaceToxics(proxy.toxics().stream()
                    .map(active -> active.equals(old) ? edited : active)
                    .toList());
            return edited;
        });
    }

    void removeToxic(String name, String toxicName) throws ApiProblem {
        inTurn(() -> {
            Proxy proxy = get(name);
            ActiveToxic old = proxy.toxic(toxicName).orElseThrow(ApiProblem::toxicNotFound);
            proxy.replaceToxics(proxy.toxics().stream()
                    .filter(active -> !active.equals(old))
                    .toList());
            return old;
        });
    }

    /** Lets interceptors see every byte of a proxy's connections to come. */
    void intercept(String name, Interceptor.Factory interceptors) throws ApiProblem {
        inTurn(() -> {
            Proxy proxy = get(name);
            proxy.intercept(interceptors);
            return proxy;
        });
    }

    /** Ends TLS at a proxy for its connections to come. */
    void terminateTls(String name, Tls tls) throws ApiProblem {
        inTurn(() -> {
            Proxy proxy = get(name);
            proxy.terminateTls(tls);
            return proxy;
        });
    }

    /** Enables every proxy and removes every toxic. */
    void reset() throws ApiProblem {
        inTurn(() -> {
            for (Proxy proxy : all()) {
                proxy.replaceToxics(List.of());
                if (!proxy.isEnabled()) {
                    proxy.enable(Listener.bind(proxy.listen()));
                }
            }
            return byName.size();
        });
    }

    /** Removes every proxy. */
    void clear() throws ApiProblem {
        for (Proxy proxy : all()) {
            remove(proxy.name());
        }
    }

    private static void refuseDuplicates(List<Blueprint> blueprints) throws ApiProblem {
        Set<String> names = new HashSet<>();
        for (Blueprint blueprint : blueprints) {
            if (!names.add(blueprint.name())) {
                throw ApiProblem.badBody("proxy " + blueprint.name() + " is named twice");
            }
        }
    }

    /** Everything that can fail happens here, before anything is changed. */
    private Map<String, Listener> bindWhereNeeded(List<Blueprint> blueprints) throws IOException {
        Map<String, Listener> bound = new HashMap<>();
        try {
            for (Blueprint blueprint : blueprints) {
                Proxy existing = byName.get(blueprint.name());
                boolean listens = existing != null
                        && existing.isEnabled()
                        && existing.listen().equals(blueprint.listen());
                boolean untouched = existing != null && isSame(existing, blueprint);
                if (blueprint.enabled() && !listens && !untouched) {
                    bound.put(blueprint.name(), Listener.bind(blueprint.listen()));
                }
            }
            return bound;
        } catch (IOException e) {
            for (Listener listener : bound.values()) {
                listener.close();
            }
            throw e;
        }
    }

    private Proxy place(Blueprint blueprint, @Nullable Listener bound) throws IOException {
        Proxy existing = byName.get(blueprint.name());
        if (existing == null) {
            Proxy created = new Proxy(blueprint, dice, nanos);
            if (bound != null) {
                created.enable(bound);
            }
            byName.put(created.name(), created);
            return created;
        }
        boolean same = isSame(existing, blueprint);
        if (!same || blueprint.toxics() != null) {
            existing.replaceToxics(
                    blueprint.toxicsOrNone().stream().map(ActiveToxic::of).toList());
        }
        if (!same) {
            existing.repoint(blueprint.upstream());
            if (bound != null || !blueprint.enabled()) {
                existing.disable();
                existing.moveTo(blueprint.listen());
            }
            if (bound != null) {
                existing.enable(bound);
            }
        }
        return existing;
    }

    private static boolean isSame(Proxy existing, Blueprint blueprint) {
        return existing.listen().equals(blueprint.listen())
                && existing.upstream().equals(blueprint.upstream());
    }

    private <T> T inTurn(Operation<T> operation) throws ApiProblem {
        try {
            if (!turn.tryLock(TURN_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ApiProblem.busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiProblem.failed(e);
        }
        try {
            return operation.run();
        } catch (IOException e) {
            throw ApiProblem.failed(e);
        } finally {
            turn.unlock();
        }
    }

    /** A wanted change; null leaves things as they are. */
    record Change(
            @Nullable Address listen,
            @Nullable Address upstream,
            @Nullable Boolean enabled) {}

    /** Makes a toxic of another. */
    interface ToxicEdit {
        Toxic of(Toxic old) throws ApiProblem;
    }

    private interface Operation<T> {
        T run() throws ApiProblem, IOException;
    }
}
