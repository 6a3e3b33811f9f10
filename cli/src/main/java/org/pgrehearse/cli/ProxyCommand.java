package org.pgrehearse.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.proxy.FaultProxy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pgrehearse proxy}. */
@Command(name = "proxy", description = "Serve the embedded fault proxy on Toxiproxy's HTTP API until a signal ends it.")
final class ProxyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address of the API; default ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // it has a default
    private String host;

    @Option(names = "--port", defaultValue = "8474", description = "Port of the API; default ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--seed", paramLabel = "N", description = "Decides toxicity, jitter and variation.")
    private @Nullable Long seed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (FaultProxy proxy = FaultProxy.start(new InetSocketAddress(host, port), Seeds.given(seed))) {
            out.println("fault proxy ready on http://" + proxy.apiAddress().getHostString() + ":"
                    + proxy.apiAddress().getPort());
            out.flush();
            new CountDownLatch(1).await();
        }
        return ExitCode.PROVEN;
    }
}
