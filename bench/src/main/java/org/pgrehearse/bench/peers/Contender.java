package org.pgrehearse.bench.peers;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A tool that compares two tables, with fixed options. */
interface Contender {
    /** Its name in tables; unique. */
    String name();

    /** What to start, all at the same time, to compare the table of that name on both servers. */
    List<CommandLine> commands(TableUnderTest table, Addresses addresses);

    /** What it said, read from what the programs printed and how they ended. */
    Answer answer(List<Finished> programs);

    /** The Java heap of the run that was just measured, which can be asked once; empty for a tool that has none. */
    default Optional<HeapPeak> heap() throws IOException {
        return Optional.empty();
    }
}
