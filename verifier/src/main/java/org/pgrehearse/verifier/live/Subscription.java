package org.pgrehearse.verifier.live;

import java.util.List;

/**
 * A subscription of the target to the source.
 *
 * @param oid in the target's catalogue
 * @param slot its slot on the source
 */
record Subscription(long oid, String name, String slot, List<String> publications) {
    Subscription {
        publications = List.copyOf(publications);
    }
}
