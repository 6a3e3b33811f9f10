package org.pgrehearse.chaos.proxy;

import java.io.IOException;

/** A real Toxiproxy answers as Toxiproxy does. Run with {@code -Ptoxiproxy -Dtoxiproxy.server=PATH}. */
final class RealApiConformance extends ApiConformance {
    RealApiConformance() throws IOException {
        super(ToxiproxyServer.real());
    }
}
