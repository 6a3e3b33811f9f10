package org.pgrehearse.scenarios.capture;

import java.util.regex.Pattern;

/** What must never reach a workload file. */
public final class Secrets {
    private static final Pattern SECRET = Pattern.compile("(?is)\\bpass(?:word|wd|phrase)\\b|\\bpgpass|\\bsecret\\b|"
            + "://[^\\s'/@]*:[^\\s'/@]*@|\\bCONNECTION\\s+'|\\bdblink");

    private Secrets() {}

    /** Whether a statement may hold a password or a connection string: then it is left out whole. */
    public static boolean mayBeIn(String text) {
        return SECRET.matcher(text).find();
    }
}
