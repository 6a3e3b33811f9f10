package org.pgrehearse.chaos.proxy;

/** A toxic of a proxy and what it has done so far; the tally survives changes of the toxic and is its identity. */
record ActiveToxic(Toxic toxic, ToxicTally tally) {
    static ActiveToxic of(Toxic toxic) {
        return new ActiveToxic(toxic, new ToxicTally());
    }
}
