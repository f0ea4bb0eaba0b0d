package io.meridianmq.core.session;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.util.ArrayList;
import java.util.List;

/** The world around one session, which writes down every effect in words. */
final class Recorder implements SessionOwner {

    private final List<String> effects = new ArrayList<>();
    private final List<Boolean> presences = new ArrayList<>();
    private final List<Subscription> lookUps = new ArrayList<>();

    /** Everything since the last call. */
    List<String> take() {
        var taken = List.copyOf(effects);
        effects.clear();
        return taken;
    }

    /** Whether the session was connected, each time that was said to have changed. */
    List<Boolean> presences() {
        return presences;
    }

    Subscription lastLookUp() {
        return lookUps.getLast();
    }

    Connection connection(String name) {
        return new Connection(name);
    }

    @Override
    public void ended(Session session) {
        effects.add("ended " + session.subscriptions().size());
    }

    @Override
    public void presenceChanged(Session session) {
        presences.add(session.isConnected());
    }

    @Override
    public void dropped(Session session, DropReason reason) {
        effects.add("dropped " + reason);
    }

    @Override
    public void passOn(Publication publication, Subscription subscription) {
        effects.add("pass on " + publication.topic() + " of " + subscription.filter());
    }

    @Override
    public void lookUpRetained(Session session, Subscription subscription, String afterTopic, int limit) {
        lookUps.add(subscription);
        effects.add("look up " + subscription.filter() + " after \"" + afterTopic + "\"");
    }

    /** One connection of the client. */
    final class Connection implements SessionPort {
        private final String name;
        private boolean room = true;
        private int sizeMax = Integer.MAX_VALUE;

        Connection(String name) {
            this.name = name;
        }

        void room(boolean nowRoom) {
            room = nowRoom;
        }

        void sizeMax(int bytes) {
            sizeMax = bytes;
        }

        @Override
        public void opened(boolean sessionPresent, long sessionExpirySeconds) {
            write("opened present=" + sessionPresent + " expiry=" + sessionExpirySeconds);
        }

        @Override
        public boolean hasRoom() {
            return room;
        }

        @Override
        public boolean deliver(
                Publication publication,
                Qos qos,
                int packetIdentifier,
                boolean duplicate,
                boolean retain,
                ImmutableIntArray subscriptionIdentifiers) {
            if (publication.bytes().sizeBytes() > sizeMax) {
                return false;
            }
            write("publish " + publication.topic() + " qos" + qos.value()
                    + (packetIdentifier == 0 ? "" : " #" + packetIdentifier)
                    + (duplicate ? " dup" : "")
                    + (retain ? " retain" : "")
                    + (subscriptionIdentifiers.isEmpty() ? "" : " ids=" + subscriptionIdentifiers));
            return true;
        }

        @Override
        public void sendPubAck(int packetIdentifier, int reasonCode) {
            write("puback #" + packetIdentifier + code(reasonCode));
        }

        @Override
        public void sendPubRec(int packetIdentifier, int reasonCode) {
            write("pubrec #" + packetIdentifier + code(reasonCode));
        }

        @Override
        public void sendPubRel(int packetIdentifier, int reasonCode) {
            write("pubrel #" + packetIdentifier + code(reasonCode));
        }

        @Override
        public void sendPubComp(int packetIdentifier, int reasonCode) {
            write("pubcomp #" + packetIdentifier + code(reasonCode));
        }

        @Override
        public void close(CloseReason reason) {
            write("close " + reason);
        }

        private void write(String effect) {
            effects.add(name + " " + effect);
        }

        private static String code(int reasonCode) {
            return reasonCode == 0 ? "" : " 0x" + Integer.toHexString(reasonCode);
        }
    }
}
