package org.pgrehearse.scenarios.environment;

/**
 * What this computer offers to servers of our own.
 *
 * @param account the user that they run as
 * @param cache where binaries and data folders go
 */
public record Machine(ServerAccount account, Cache cache) {
    /** The machine as this process finds it. */
    public static Machine detect() {
        ServerAccount account = ServerAccount.detect();
        return new Machine(account, Cache.locate(System.getenv(), System.getProperty("user.home", ""), account));
    }
}
