package io.meridianmq.broker.store;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.session.Outbound;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionJournal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What one loop has written since it handed over the batch before. Belongs to the loop until it is handed over. */
final class Batch {

    /** The families of the store. */
    enum Family {
        SESSION,
        SUBSCRIPTION,
        PROGRESS,
        INTAKE,
        WILL,
        MESSAGE,
        HAD,
        RECENT
    }

    /** One change of the store but for messages; {@code due} ones are tried again. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    sealed interface Write {
        boolean due();

        record Put(Family family, byte[] key, byte[] value, boolean due) implements Write {}

        record Delete(Family family, byte[] key) implements Write {
            @Override
            public boolean due() {
                return true;
            }
        }

        /** Everything of a session in a family. */
        record DeleteAll(Family family, long session) implements Write {
            @Override
            public boolean due() {
                return true;
            }
        }
    }

    /** What a write changes. */
    private record Target(Family family, ByteBuffer key, boolean isRange) {
        static Target of(Write write) {
            return switch (write) {
                case Write.Put put -> new Target(put.family(), ByteBuffer.wrap(put.key()), false);
                case Write.Delete delete -> new Target(delete.family(), ByteBuffer.wrap(delete.key()), false);
                case Write.DeleteAll all -> new Target(all.family(), ByteBuffer.wrap(Keys.of(all.session())), true);
            };
        }
    }

    /** Who is told what became of something, in the order of the writes. */
    sealed interface Answer {
        record OfMessage(Session session, Outbound message, int reader) implements Answer {}

        /** There was no room, which was clear before it was tried. */
        record Refused(Session session, Outbound message) implements Answer {}

        record OfWanted(SessionJournal.Kept kept, boolean isRefused) implements Answer {}

        record OfAll(SessionJournal.Kept kept) implements Answer {}
    }

    final List<Write> writes = new ArrayList<>();
    final List<MessageRecord.Entry> messages = new ArrayList<>();
    final List<Answer> answers = new ArrayList<>();
    final Set<Session> furthered = new LinkedHashSet<>();
    private long[] done = new long[8];
    private int doneCount;
    private int readers;
    private long bytes;
    private boolean isRefused;
    private long record;

    boolean isEmpty() {
        return writes.isEmpty() && messages.isEmpty() && answers.isEmpty() && furthered.isEmpty() && doneCount == 0;
    }

    /** Whether the committer has anything to do with it. */
    boolean hasWork() {
        return isRefused || !writes.isEmpty() || !messages.isEmpty() || doneCount > 0;
    }

    /** Whether messages were written, or refused. */
    boolean hasMessages() {
        return isRefused || !messages.isEmpty();
    }

    long sizeBytes() {
        return bytes;
    }

    int readers() {
        return readers;
    }

    /** Whether something was refused before it was tried. */
    boolean isRefused() {
        return isRefused;
    }

    void put(Family family, byte[] key, byte[] value, boolean due) {
        writes.add(new Write.Put(family, key, value, due));
        bytes += key.length + value.length;
    }

    void message(Session session, Outbound outbound) {
        answers.add(new Answer.OfMessage(session, outbound, readers));
        readers++;
        var reader = new MessageRecord.Reader(session.number().orElseThrow(), outbound);
        if (isLast(outbound.publication())) {
            messages.getLast().readers().add(reader);
        } else {
            var first = new ArrayList<MessageRecord.Reader>(2);
            first.add(reader);
            messages.add(new MessageRecord.Entry(outbound.publication(), first));
            bytes += outbound.publication().bytes().sizeBytes() + 64;
        }
    }

    @SuppressWarnings("ReferenceEquality") // One message for many sessions is the same bytes.
    private boolean isLast(Publication publication) {
        return !messages.isEmpty() && messages.getLast().publication().bytes() == publication.bytes();
    }

    void refuse(Session session, Outbound outbound) {
        isRefused = true;
        answers.add(new Answer.Refused(session, outbound));
    }

    void refuse(SessionJournal.Kept kept) {
        isRefused = true;
        answers.add(new Answer.OfWanted(kept, true));
    }

    /** Takes back everything that is wanted: it would be kept before what came earlier and comes again. */
    void refuseWanted() {
        isRefused |= answers.stream().anyMatch(answer -> !(answer instanceof Answer.OfAll));
        answers.replaceAll(answer -> switch (answer) {
            case Answer.OfMessage wanted -> new Answer.Refused(wanted.session(), wanted.message());
            case Answer.OfWanted wanted -> new Answer.OfWanted(wanted.kept(), true);
            case Answer.Refused refused -> refused;
            case Answer.OfAll all -> all;
        });
        writes.removeIf(write -> !write.due());
        messages.clear();
        readers = 0;
        bytes = 0; // What is due is little; it is not counted in a batch that is tried again either.
    }

    void done(long locator) {
        if (doneCount == done.length) {
            done = Arrays.copyOf(done, doneCount * 2);
        }
        done[doneCount++] = locator;
    }

    int doneCount() {
        return doneCount;
    }

    long done(int index) {
        return done[index];
    }

    /**
     * A batch that was not kept comes before this one, with what is due of it. Of what was written to a key only the last
     * stays, so that a disk that fails for long does not let this grow beyond what there is to keep.
     */
    void beginWith(Batch failed) {
        writes.addAll(0, failed.writes.stream().filter(Write::due).toList());
        var later = new HashSet<Target>();
        var kept = new ArrayDeque<Write>();
        for (var write : writes.reversed()) {
            if (later.add(Target.of(write))) {
                kept.addFirst(write);
            }
        }
        writes.clear();
        writes.addAll(kept);
        for (var i = 0; i < failed.doneCount; i++) {
            done(failed.done[i]);
        }
        furthered.addAll(failed.furthered);
    }

    /** The messages are in the store. */
    void keptAs(long recordNumber) {
        record = recordNumber;
    }

    long record() {
        return record;
    }

    /** Where the message of a reader is, when the batch is kept. */
    long locator(int reader) {
        return Locator.of(record, reader);
    }
}
