package org.pgrehearse.verifier.live;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgrehearse.verifier.endpoint.ConnectionSource;

/** The subscriptions that carry changes from the source to the target. Used by one thread. */
final class Replication {
    private static final long POLL_MILLIS = 50;

    private final Publisher publisher;
    private final Subscriber subscriber;
    private final List<Subscription> subscriptions;
    private final Map<Integer, Set<String>> ancestors;
    private final Duration wait;

    private Replication(
            Publisher publisher,
            Subscriber subscriber,
            List<Subscription> subscriptions,
            Map<Integer, Set<String>> ancestors,
            Duration wait) {
        this.publisher = publisher;
        this.subscriber = subscriber;
        this.subscriptions = subscriptions;
        this.ancestors = ancestors;
        this.wait = wait;
    }

    /** What replicates from here to there; refused when nothing does. */
    static Replication between(Publisher publisher, Subscriber subscriber, Duration wait)
            throws SQLException, NotLiveException {
        List<Subscription> serving = new ArrayList<>();
        for (Subscription subscription : subscriber.subscriptions()) {
            if (publisher.serves(subscription)) {
                subscriber.check(subscription);
                serving.add(subscription);
            }
        }
        if (serving.isEmpty()) {
            throw new NotLiveException("no subscription of the target uses a pgoutput slot of the source's database."
                    + " Only native logical replication can be compared while it runs; for anything else, stop"
                    + " writing and run without --live.");
        }
        return new Replication(publisher, subscriber, serving, new HashMap<>(publisher.ancestors()), wait);
    }

    /** A slot and the snapshot from which it decodes. */
    Slot slot(ConnectionSource source, Duration held) throws NotLiveException {
        try {
            return Slot.create(source, wait, held);
        } catch (SQLException e) {
            throw new NotLiveException(
                    "the source gave no slot within " + wait.toMillis() + " ms: " + e.getMessage() + " ("
                            + e.getSQLState() + "). End transactions that run longer than that, or raise --live-wait.",
                    e);
        }
    }

    /** Waits until everything before this position is applied and visible on the target. */
    void awaitApplied(Lsn position) throws SQLException, NotLiveException, InterruptedException {
        for (Subscription subscription : subscriptions) {
            await(subscription, position, "applied", () -> {
                Optional<Lsn> reported = subscriber.applied(subscription);
                return reported.filter(lsn -> lsn.compareTo(position) >= 0).isPresent()
                        ? reported
                        : publisher.applied(subscription);
            });
        }
    }

    /** The greatest position that any subscription has received; none is before this one. */
    Lsn received(Lsn atLeast) throws SQLException, NotLiveException, InterruptedException {
        Lsn greatest = atLeast;
        for (Subscription subscription : subscriptions) {
            Lsn received = await(subscription, atLeast, "received", () -> subscriber.received(subscription));
            greatest = greatest.compareTo(received) >= 0 ? greatest : received;
        }
        return greatest;
    }

    @FunctionalInterface
    private interface Question {
        Optional<Lsn> ask() throws SQLException;
    }

    private Lsn await(Subscription subscription, Lsn position, String verb, Question question)
            throws SQLException, NotLiveException, InterruptedException {
        long polls = Math.max(1, wait.toMillis() / POLL_MILLIS);
        for (long poll = 0; poll < polls; poll++) {
            Optional<Lsn> found = question.ask();
            if (found.isPresent() && found.get().compareTo(position) >= 0) {
                return found.get();
            }
            subscriber.check(subscription);
            Thread.sleep(POLL_MILLIS);
        }
        throw new NotLiveException("the subscription " + subscription.name() + " of the target has not " + verb + " "
                + position + " of the source within " + wait.toMillis()
                + " ms. Look for errors of its worker in the target's log, or raise --live-wait.");
    }

    /** Types of a target's table; without texts when a database does not say how they are encoded. */
    Map<String, Integer> types(String table) throws SQLException {
        Map<String, Integer> types = subscriber.types(table);
        if (!publisher.encoded() || !subscriber.encoded()) {
            types.values().removeIf(ChangeReader::isText);
        }
        return types;
    }

    /** Tells the suspects, by the source's name of their table, what changed up to a position. */
    void decode(Slot slot, Lsn upTo, Map<String, Suspects> suspects) throws SQLException, InterruptedException {
        publisher
                .ancestors()
                .forEach((leaf, above) ->
                        ancestors.computeIfAbsent(leaf, one -> new HashSet<>()).addAll(above));
        ChangeReader reader = new ChangeReader(suspects, ancestors);
        List<String> publications = subscriptions.stream()
                .flatMap(subscription -> subscription.publications().stream())
                .distinct()
                .toList();
        slot.decode(upTo, publications, reader::read);
    }
}
