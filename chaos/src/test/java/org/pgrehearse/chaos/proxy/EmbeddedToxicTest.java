package org.pgrehearse.chaos.proxy;

import java.io.IOException;

/** The embedded fault proxy breaks connections as Toxiproxy does. */
final class EmbeddedToxicTest extends ToxicConformance {
    EmbeddedToxicTest() throws IOException {
        super(ToxiproxyServer.embedded());
    }
}
