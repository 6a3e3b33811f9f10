package org.pgrehearse.chaos.proxy;

/** How a connection is ended. */
enum Ending {
    /** With FIN: the peer reads the end of the stream. */
    CLOSE,
    /** With RST: the peer reads "connection reset". */
    RESET
}
