package org.pgrehearse.verifier.endpoint;

/** A password. It shows itself only to whoever asks for it by name. */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "***";
    }
}
