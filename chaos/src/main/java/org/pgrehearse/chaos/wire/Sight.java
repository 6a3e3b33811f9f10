package org.pgrehearse.chaos.wire;

/** Whether the messages of a connection can be read. */
enum Sight {
    /** Nothing was said yet that would tell. */
    STARTING,
    FOLLOWED,
    /** It only carries a cancel request, which has no messages. */
    CANCEL,
    /** Encrypted between the peers, or in a protocol that is not PostgreSQL's. */
    BLIND
}
