package org.pgrehearse.chaos.proxy;

import java.io.IOException;

/** A real Toxiproxy breaks connections as Toxiproxy does; run with {@code -Ptoxiproxy -Dtoxiproxy.server=<path to its binary>}. */
final class RealToxicConformance extends ToxicConformance {
    RealToxicConformance() throws IOException {
        super(ToxiproxyServer.real());
    }
}
