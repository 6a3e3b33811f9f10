package org.pgrehearse.chaos.schedule;

import java.util.List;
import org.pgrehearse.chaos.Asked;
import org.pgrehearse.chaos.Bite;

/** Who hears how the faults of a plan fare. Called by several threads, never twice at once for one fault. */
public interface Course {
    /** It is being injected now. */
    void asked(PlannedFault fault);

    /** It is in place, on all of its places that took it; each is in place since some instant inside its interval. */
    void placed(PlannedFault fault, List<Asked> intervals);

    /** It was seen to bite on all of its places. */
    void bit(PlannedFault fault, List<Bite> bites);

    /**
     * It was healed, or could not be.
     *
     * @param intervals inside of which each place healed
     * @param problems why it could not be healed; none when it is
     * @param damage what healing could not undo
     */
    void healed(PlannedFault fault, List<Asked> intervals, List<String> problems, List<String> damage);

    /** It never came. */
    void gaveUp(PlannedFault fault, String reason);

    /** Something went wrong that makes the run unfit to prove anything. */
    void trouble(PlannedFault fault, String message);
}
