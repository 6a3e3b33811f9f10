package org.pgrehearse.chaos.proxy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The embedded fault proxy: many TCP proxies and Toxiproxy's HTTP API to control them. Everything happens on virtual
 * threads of its own. Safe for use by many threads; closing it closes every port and connection.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int REQUESTS_WAITING_MAX = 256;

    private final HttpServer http;
    private final ExecutorService requests;
    private final Proxies proxies;

    private FaultProxy(HttpServer http, ExecutorService requests, Proxies proxies) {
        this.http = http;
        this.requests = requests;
        this.proxies = proxies;
    }

    /**
     * Starts to serve the API.
     *
     * @param api where to listen; port 0 takes a free one. Whoever can reach it can open ports, so keep it on loopback
     * @param seed decides which connections a toxic with a toxicity below 1 holds, and the jitter
     */
    public static FaultProxy start(InetSocketAddress api, long seed) throws IOException {
        long origin = System.nanoTime();
        Proxies proxies = new Proxies(new Dice(seed), () -> System.nanoTime() - origin);
        HttpServer http = HttpServer.create(api, REQUESTS_WAITING_MAX);
        ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
        http.setExecutor(requests);
        http.createContext("/", new ToxiproxyApi(proxies));
        http.start();
        return new FaultProxy(http, requests, proxies);
    }

    /** Where the API is served, with the real port. */
    public InetSocketAddress apiAddress() {
        return http.getAddress();
    }

    /** What the named proxy has done so far; empty when there is no such proxy. */
    public Optional<Effects> effects(String proxyName) {
        return proxies.find(proxyName).map(Proxy::effects);
    }

    /** Lets interceptors see every byte of a proxy's connections to come; open ones are left alone. */
    public void intercept(String proxyName, Interceptor.Factory interceptors) throws IOException {
        try {
            proxies.intercept(proxyName, interceptors);
        } catch (ApiProblem e) {
            throw new IOException("Cannot watch proxy \"" + proxyName + "\": " + e.title() + ". Create it first.", e);
        }
    }

    /**
     * Ends TLS at a proxy for the connections to come, so that faults that follow the protocol can read them. Clients
     * may connect with TLS or without. Authentication with channel binding fails, because it is made to notice this.
     */
    public void terminateTls(String proxyName, Tls tls) throws IOException {
        try {
            proxies.terminateTls(proxyName, tls);
        } catch (ApiProblem e) {
            throw new IOException(
                    "Cannot terminate TLS at proxy \"" + proxyName + "\": " + e.title() + ". Create it first.", e);
        }
    }

    /** Stops the API, closes every listener and every connection. */
    @Override
    public void close() throws IOException {
        http.stop(0);
        requests.shutdownNow();
        try {
            proxies.clear();
        } catch (ApiProblem e) {
            throw new IOException("Cannot close the fault proxy: " + e.title() + ". Check which ports are open.", e);
        }
    }
}
