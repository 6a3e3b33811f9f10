package org.pgrehearse.chaos.proxy;

import java.io.IOException;

/** The embedded fault proxy answers as Toxiproxy does. */
final class EmbeddedApiTest extends ApiConformance {
    EmbeddedApiTest() throws IOException {
        super(ToxiproxyServer.embedded());
    }
}
