package org.pgrehearse.reports.analysis;

import java.util.List;
import org.pgrehearse.reports.journal.Side;

/** Tells what happened to one write in one paragraph: who, when, where, with which answer, and where it is now. */
final class StoryTeller {
    private final Attempts attempts;
    private final Tracks tracks;
    private final Replication replication;
    private final List<FaultRecord> faults;

    StoryTeller(Attempts attempts, Tracks tracks, Replication replication, List<FaultRecord> faults) {
        this.attempts = attempts;
        this.tracks = tracks;
        this.replication = replication;
        this.faults = List.copyOf(faults);
    }

    String tell(int i) {
        StringBuilder text = new StringBuilder("token " + attempts.token(i) + ": " + attempts.label(i));
        text.append(", intended at ").append(Words.instant(attempts.intended(i)));
        text.append(", started at ").append(Words.instant(attempts.started(i)));
        Side side = attempts.write(i) ? tracks.executedOn(i) : attempts.side(i);
        text.append(side == null ? " on an unknown side" : " on the " + Words.of(side));
        text.append(", ").append(answer(i)).append(" at ").append(Words.instant(attempts.ended(i)));
        if (attempts.xid(i) >= 0) {
            text.append(", xid ").append(attempts.xid(i));
        }
        if (attempts.write(i)) {
            text.append(whereabouts(i, Side.SOURCE)).append(whereabouts(i, Side.TARGET));
            text.append(position(i));
        }
        return text.append(faultsDuring(i)).toString();
    }

    private String answer(int i) {
        String error = attempts.error(i).isEmpty() ? "" : " (" + attempts.error(i) + ")";
        return switch (attempts.outcome(i)) {
            case ACKNOWLEDGED -> "acknowledged";
            case FAILED -> "failed" + error;
            case UNKNOWN -> "outcome unknown" + error;
        };
    }

    private String whereabouts(int i, Side side) {
        int count = tracks.count(i, side);
        String name = Words.of(side);
        if (attempts.acknowledged(i) && tracks.foreign(i, side)) {
            return ", overwritten on the " + name + " by " + tracks.rowTold(i, side);
        }
        if (count > 1) {
            return ", held " + count + " times by the " + name;
        }
        if (count == 1) {
            return ", present on the " + name;
        }
        return tracks.ledger(side).doubt().isEmpty() ? ", absent on the " + name : "";
    }

    /** A write on the source beyond what the target had applied proves that the route moved too early. */
    private String position(int i) {
        long lsn = replication.position(i);
        if (lsn == 0) {
            return "";
        }
        String written = ", written at " + new Lsn(lsn);
        return tracks.count(i, Side.TARGET) == 0 || tracks.foreign(i, Side.TARGET)
                ? written + replication.told(i)
                : written;
    }

    private String faultsDuring(int i) {
        List<String> names = faults.stream()
                .filter(fault -> fault.overlaps(attempts.intended(i), attempts.ended(i)))
                .map(FaultRecord::name)
                .toList();
        return names.isEmpty() ? "" : ", while " + String.join(" and ", names) + " was in effect";
    }
}
