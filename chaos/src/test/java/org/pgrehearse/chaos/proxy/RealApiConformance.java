package org.pgrehearse.chaos.proxy;

import java.io.IOException;

/** A real Toxiproxy answers as Toxiproxy does; run with {@code -Ptoxiproxy -Dtoxiproxy.server=<path to its binary>}. */
final class RealApiConformance extends ApiConformance {
    RealApiConformance() throws IOException {
        super(ToxiproxyServer.real());
    }
}
