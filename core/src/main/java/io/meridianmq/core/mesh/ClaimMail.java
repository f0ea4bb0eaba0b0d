package io.meridianmq.core.mesh;

import io.meridianmq.core.claim.ClaimSizes;
import io.meridianmq.core.claim.Mail;
import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Incarnation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a node has to say about claims, gathered into one frame for each receiver; what it says to itself waits here until
 * it is taken. Belongs to {@link NodeClaims}.
 */
final class ClaimMail implements Mail {

    private static final int FRAME_BYTES_MAX = 256 << 10;

    private final Incarnation self;
    private final BiConsumer<Incarnation, SlotMessage> send;
    private final Queue<ClaimMessage> toSelf = new ArrayDeque<>();
    private final Map<Incarnation, Letter> letters = new LinkedHashMap<>();

    private static final class Letter {
        final List<ClaimMessage> messages = new ArrayList<>();
        int bytes;
    }

    /** @param send takes a message to another node */
    ClaimMail(Incarnation self, BiConsumer<Incarnation, SlotMessage> send) {
        this.self = self;
        this.send = send;
    }

    @Override
    public void say(Incarnation to, ClaimMessage message) {
        if (to.equals(self)) {
            toSelf.add(message);
            return;
        }
        var bytes = ClaimSizes.of(message);
        var letter = letters.computeIfAbsent(to, _ -> new Letter());
        if (letter.bytes + bytes > FRAME_BYTES_MAX && !letter.messages.isEmpty()) {
            send(to, letter);
        }
        letter.messages.add(message);
        letter.bytes += bytes;
    }

    /** What this node says to itself, null if there is nothing more. */
    @Nullable
    ClaimMessage pollOwn() {
        return toSelf.poll();
    }

    /** Sends what has gathered. */
    void flush() {
        if (!letters.isEmpty()) {
            letters.forEach(this::send);
            letters.clear();
        }
    }

    private void send(Incarnation to, Letter letter) {
        send.accept(to, new SlotMessage.Claims(to.boot(), letter.messages));
        letter.messages.clear();
        letter.bytes = 0;
    }
}
