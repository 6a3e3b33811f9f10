package org.pgrehearse.chaos.proxy;

import java.io.IOException;

/** A real Toxiproxy breaks connections as Toxiproxy does. Run with {@code -Ptoxiproxy -Dtoxiproxy.server=PATH}. */
final class RealToxicConformance extends ToxicConformance {
    RealToxicConformance() throws IOException {
        super(ToxiproxyServer.real());
    }
}
