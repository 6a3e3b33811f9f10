package org.pgrehearse.chaos.wire;

import org.pgrehearse.chaos.proxy.Direction;

/** What one message turned out to be, as far as a {@link Point} can be in it. */
sealed interface Sighting {
    /** Of no meaning to any point. */
    record Nothing() implements Sighting {}

    /** The client asks to run this statement. */
    record Asked(String text) implements Sighting {}

    /** The server confirms a COMMIT. */
    record Committed() implements Sighting {}

    /** The server is ready again after a COMMIT. */
    record ReadyAfterCommit() implements Sighting {}

    /** The n-th row of an answer. */
    record Row(long number) implements Sighting {}

    /** Data of a COPY, or its end; so much of it went before. */
    record CopyData(Direction direction, long messagesBefore, long bytesBefore) implements Sighting {}

    /**
     * WAL data on a replication connection.
     *
     * @param lsn where it starts; 0 for what has no place in the WAL
     * @param changesBefore how many changes of its transaction went before; {@link ReplicatedChanges#NONE} when it is
     *     in none, or when another message followed that change already
     */
    record Replicated(long lsn, int changesBefore) implements Sighting {}

    /** A standby's status. */
    record StandbyStatus() implements Sighting {}
}
