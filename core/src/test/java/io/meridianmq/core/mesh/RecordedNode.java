package io.meridianmq.core.mesh;

import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.SlotProposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What comes out of the parts of a node, in the order in which it came. Its sessions take everything at once. */
final class RecordedNode implements NodeOutlet {

    /** A frame that went out. */
    record Sent(Place neighbour, Frame frame) {}

    final List<Sent> sent = new ArrayList<>();
    final List<List<GroupGrant>> delivered = new ArrayList<>();
    final List<Long> accepted = new ArrayList<>();
    final List<String> visible = new ArrayList<>();
    final List<Frame.Request> asked = new ArrayList<>();
    final List<Frame.Response> answered = new ArrayList<>();

    /** Nodes in service, gateways too. */
    static MembershipView view(Incarnation... members) {
        return MembershipView.of(
                1, Stream.of(members).map(RecordedNode::inService).toList());
    }

    static Member inService(Incarnation start) {
        return new Member(start.place(), start.boot(), "", "", "");
    }

    static Publication publication(long number, Qos qos) {
        return new Publication(
                new PublicationId(1, 1, number), number, 0, "t", qos, false, Publication.NEVER, new NoBytes());
    }

    /** The frames of this kind that went to this neighbour. */
    <F extends Frame> List<F> sentTo(Place neighbour, Class<F> kind) {
        return sent.stream()
                .filter(one -> one.neighbour.equals(neighbour) && kind.isInstance(one.frame))
                .map(one -> kind.cast(one.frame))
                .toList();
    }

    @Override
    public void send(Place neighbour, Frame frame) {
        sent.add(new Sent(neighbour, frame));
    }

    @Override
    public Custody deliver(Publication publication, List<GroupGrant> granted, long token) {
        delivered.add(granted);
        return Custody.TAKEN;
    }

    @Override
    public Custody deliverAgain(Publication publication, List<GroupGrant> granted, long token) {
        throw new AssertionError("everything was kept: " + publication);
    }

    @Override
    public Custody deliverGranted(Publication publication, List<GroupGrant> granted, long token) {
        delivered.add(granted);
        return Custody.TAKEN;
    }

    @Override
    public List<String> filtersHere(String topic) {
        return List.of();
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public void endOfBatch() {
        // Everything is recorded at once.
    }

    @Override
    public void settingsChanged(PlatformSettings settings) {
        throw new AssertionError("nobody sets anything: " + settings);
    }

    @Override
    public void accepted(long publishToken) {
        accepted.add(publishToken);
    }

    @Override
    public void visible(long subscribeToken, boolean capped) {
        visible.add(subscribeToken + (capped ? " capped" : ""));
    }

    @Override
    public void asked(Frame.Request request) {
        asked.add(request);
    }

    @Override
    public void answered(Frame.Response response) {
        answered.add(response);
    }

    @Override
    public void reported(Frame.Report report) {
        throw new AssertionError("nobody reports to a node: " + report);
    }

    @Override
    public void propose(SlotProposal proposal) {
        throw new AssertionError("this node does not lead");
    }

    @Override
    public void confirmSlots(long question) {
        // Nobody answers.
    }

    @Override
    public long stamp() {
        throw new AssertionError("nothing is stamped");
    }

    @Override
    public void publishWill(DueWill will) {
        throw new AssertionError("no client connects: " + will);
    }

    @Override
    public void endSession(String clientId, ConnectionNumber number, Optional<Incarnation> heir) {
        throw new AssertionError("no client connects: " + clientId);
    }

    @Override
    public void willDone(String clientId, ConnectionNumber number) {
        throw new AssertionError("no client connects: " + clientId);
    }

    @Override
    public void arrived(Incarnation peer, StreamItem item) {
        throw new AssertionError("nothing is said on streams: " + item);
    }

    @Override
    public void streamEnded(Incarnation peer) {
        throw new AssertionError("nothing is said on streams: " + peer);
    }

    private record NoBytes() implements PublicationBytes {
        @Override
        public int sizeBytes() {
            return 0;
        }

        @Override
        public NoBytes share() {
            return this;
        }

        @Override
        public void release() {
            // Nothing is counted.
        }
    }
}
