package org.pgrehearse.chaos.network;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.Toxic;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * Control of the proxies of one Toxiproxy. Every operation ends within a few deadlines, and every change is read back:
 * an error answer after which the server has what was asked for is no failure. Safe for use by many threads.
 */
public final class Control {
    /** How long one request may take. */
    public static final Duration CALL_MAX = Duration.ofSeconds(5);

    /** How the client begins the message of an answer with this status. */
    private static final String NOT_FOUND = "[404]";

    private final String host;
    private final int port;
    private final Deadline deadline;

    /** Control through the API at this address. Connects to nothing yet. */
    public Control(InetSocketAddress api) {
        this(api, CALL_MAX);
    }

    Control(InetSocketAddress api, Duration callMax) {
        this.host = api.getAddress() instanceof Inet6Address address
                ? "[" + address.getHostAddress() + "]"
                : api.getHostString();
        this.port = api.getPort();
        this.deadline = new Deadline(callMax);
    }

    /** Every proxy of the server. */
    public List<ProxyState> proxies() throws IOException {
        return call("list the proxies", () -> {
            List<ProxyState> states = new ArrayList<>();
            for (Proxy proxy : client().getProxies()) {
                states.add(state(proxy));
            }
            return List.copyOf(states);
        });
    }

    /** One proxy; it must exist. */
    public ProxyState proxy(String name) throws IOException {
        return call("read proxy \"" + name + "\"", () -> state(client().getProxy(name)));
    }

    /** Creates an enabled proxy without toxics. */
    public ProxyState create(String name, String listen, String upstream) throws IOException {
        return call(
                "create proxy \"" + name + "\" to " + upstream,
                () -> state(client().createProxy(name, listen, upstream)));
    }

    /** Leads a proxy to another server; its connections are closed. */
    public ProxyState repoint(String name, String upstream) throws IOException {
        String what = "lead proxy \"" + name + "\" to " + upstream;
        Change change = () -> client().getProxy(name).setUpstream(upstream);
        return change(what, change, () -> proxy(name), state -> state.upstream().equals(upstream));
    }

    /** Opens or closes a proxy's port. */
    public ProxyState enable(String name, boolean enabled) throws IOException {
        String what = (enabled ? "enable" : "disable") + " proxy \"" + name + "\"";
        Change change = () -> {
            Proxy proxy = client().getProxy(name);
            if (enabled) {
                proxy.enable();
            } else {
                proxy.disable();
            }
        };
        return change(what, change, () -> proxy(name), state -> state.enabled() == enabled);
    }

    /** Removes a proxy with everything that goes through it. */
    public void delete(String name) throws IOException {
        call("delete proxy \"" + name + "\"", () -> {
            client().getProxy(name).delete();
            return name;
        });
    }

    /** Adds a toxic; when it returns the server has it as planned. */
    public void addToxic(String proxy, ToxicPlan plan) throws IOException {
        String what = "add toxic \"" + plan.name() + "\" to proxy \"" + proxy + "\"";
        Change change = () -> plan.create(client().getProxy(proxy).toxics());
        change(what, change, () -> toxic(proxy, plan.name()), found -> found.equals(Optional.of(plan)));
    }

    /** Removes a toxic; when it returns the server has none of that name. */
    public void removeToxic(String proxy, String name) throws IOException {
        String what = "remove toxic \"" + name + "\" from proxy \"" + proxy + "\"";
        Change change = () -> client().getProxy(proxy).toxics().get(name).remove();
        change(what, change, () -> toxic(proxy, name), Optional::isEmpty);
    }

    /** The named toxic; empty only when the server says that there is none. */
    public Optional<ToxicPlan> toxic(String proxy, String name) throws IOException {
        return call("read toxic \"" + name + "\" of proxy \"" + proxy + "\"", () -> {
            Proxy owner = client().getProxy(proxy);
            try {
                return Optional.of(ToxicPlan.read(owner.toxics().get(name)));
            } catch (IOException e) {
                if (String.valueOf(e.getMessage()).startsWith(NOT_FOUND)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /** The names of a proxy's toxics. */
    public List<String> toxics(String proxy) throws IOException {
        return call(
                "list the toxics of proxy \"" + proxy + "\"",
                () -> client().getProxy(proxy).toxics().getAll().stream()
                        .map(Toxic::getName)
                        .toList());
    }

    private <T> T call(String what, Callable<T> call) throws IOException {
        return deadline.call("Cannot " + what, call);
    }

    private <T> T change(String what, Change change, ReadBack<T> readBack, Predicate<T> wanted) throws IOException {
        try {
            call(what, () -> {
                change.make();
                return what;
            });
        } catch (IOException e) {
            T found = readBack.read();
            if (wanted.test(found)) {
                return found;
            }
            throw e;
        }
        T found = readBack.read();
        if (!wanted.test(found)) {
            throw new IOException("Cannot " + what + ": the server says " + found + ". Check who else controls it.");
        }
        return found;
    }

    /** A client is not safe for use by many threads, and a new one costs nothing. */
    private ToxiproxyClient client() {
        return new ToxiproxyClient(host, port);
    }

    private ProxyState state(Proxy proxy) {
        return new ProxyState(proxy.getName(), host, proxy.getListen(), proxy.getUpstream(), proxy.isEnabled());
    }

    private interface Change {
        void make() throws IOException;
    }

    private interface ReadBack<T> {
        T read() throws IOException;
    }
}
