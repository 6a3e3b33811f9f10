package org.pgrehearse.scenarios;

import java.util.List;
import org.pgrehearse.scenarios.migration.Pooler;
import org.pgrehearse.scenarios.topology.Gateway;

/** A pooler of one run, between the application and the fault proxies of both sides. Closing it ends it. */
interface FrontPooler extends Pooler, AutoCloseable {
    /** Where the application reaches either side: at the same place. */
    List<Gateway> gateways();

    @Override
    void close();
}
