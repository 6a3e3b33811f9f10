package org.pgrehearse.scenarios.topology;

/** A password, which prints as asterisks. */
public final class Secret {
    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /** A secret of this text; empty where the server trusts the role. */
    public static Secret of(String text) {
        return new Secret(text);
    }

    /** The text itself, for the driver alone. */
    String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "***";
    }
}
