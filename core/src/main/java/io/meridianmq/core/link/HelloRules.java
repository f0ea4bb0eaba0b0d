package io.meridianmq.core.link;

import io.meridianmq.core.link.HelloVerdict.Accepted;
import io.meridianmq.core.link.HelloVerdict.Cause;
import io.meridianmq.core.link.HelloVerdict.Refused;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Neighbourhood;
import io.meridianmq.core.place.Place;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides who may open a link with one component.
 *
 * <p>A link is opened only to the start of a neighbour that the directory lists: the mesh takes what it is told of an
 * earlier start for over when the directory lists a later one, links included. Remembers the highest boot that the
 * directory has listed of every neighbour, so that a process that was replaced cannot come back. Belongs to the thread that
 * owns the links.
 */
public final class HelloRules {

    /** From so many remembered boots on, those of places that the directory no longer lists are forgotten. */
    static final int BOOTS_MAX = 10_000;

    private static final Accepted ACCEPTED = new Accepted();

    private final Place self;
    private final Map<Place, Long> highestBoots = new HashMap<>();
    private MembershipView view = MembershipView.EMPTY;

    public HelloRules(Place self) {
        this.self = self;
    }

    /** The directory's view changed. */
    public void onView(MembershipView view) {
        this.view = view;
        if (highestBoots.size() >= BOOTS_MAX) {
            highestBoots.keySet().retainAll(view.members().keySet());
        }
        for (Place neighbour : Neighbourhood.of(self, view)) {
            view.member(neighbour).ifPresent(member -> highestBoots.merge(neighbour, member.boot(), Math::max));
        }
    }

    /** Judges the hello of a component that opened a stream to this one. */
    public HelloVerdict onCall(Hello hello) {
        return judge(hello, true);
    }

    /** Judges the hello that answers a stream which this component opened to {@code dialled}. */
    public HelloVerdict onAnswer(Place dialled, Hello hello) {
        if (!hello.place().equals(dialled)) {
            return new Refused(
                    Cause.OTHER_PLACE,
                    "dialled " + dialled + ", but " + hello.place()
                            + " answered: the link address that the directory has" + " for " + dialled
                            + " leads to another component");
        }
        return judge(hello, false);
    }

    private HelloVerdict judge(Hello hello, boolean called) {
        var place = hello.place();
        if (hello.version() != Hello.VERSION) {
            return new Refused(
                    Cause.VERSION,
                    place + " speaks version " + hello.version() + " of the link protocol, " + self + " speaks version "
                            + Hello.VERSION + ": upgrade the older one");
        }
        if (!Neighbourhood.adjacent(self, place)) {
            return new Refused(Cause.NOT_ADJACENT, "no link connects " + place + " and " + self);
        }
        if (called && Neighbourhood.dials(self, place)) {
            return new Refused(
                    Cause.WRONG_DIALLER,
                    place + " called, but of two neighbours the greater place calls, which is " + self);
        }
        var listed = view.member(place);
        if (listed.isEmpty()) {
            return notListed(hello);
        }
        var highestBoot = highestBoots.getOrDefault(place, Long.MIN_VALUE);
        if (hello.boot() < highestBoot) {
            return new Refused(
                    Cause.OLD_BOOT,
                    place + " has boot " + hello.boot() + ", but boot " + highestBoot
                            + " of it has been seen: stop the older process");
        }
        if (hello.boot() > listed.get().boot()) {
            return new Refused(
                    Cause.NOT_LISTED,
                    place + " has boot " + hello.boot() + ", but the directory view of " + self + " (revision "
                            + view.revision() + ") lists boot " + listed.get().boot()
                            + ": it is accepted once that view has caught up");
        }
        return ACCEPTED;
    }

    private Refused notListed(Hello hello) {
        return hello.viewRevision() > view.revision()
                ? new Refused(
                        Cause.NOT_LISTED,
                        hello.place() + " is not yet in the directory view of " + self + " (revision "
                                + view.revision() + ", its own is " + hello.viewRevision()
                                + "): it is accepted once that view has caught up")
                : new Refused(
                        Cause.LEFT_OUT,
                        hello.place() + " is not in the directory view of " + self + " (revision " + view.revision()
                                + "): it has not registered, or its lease has ended");
    }
}
