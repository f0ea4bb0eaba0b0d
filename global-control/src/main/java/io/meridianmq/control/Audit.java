package io.meridianmq.control;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who did what to nodes and their clients: one line of the log for each call, when it has been answered. */
final class Audit {

    private static final Logger log = LoggerFactory.getLogger(Audit.class);

    /** Client identifiers and topics may have them, and one of them could end the line. */
    private static final Pattern UNPRINTABLE = Pattern.compile("\\p{Cc}");

    private Audit() {}

    /**
     * Answers a call as {@link Requests#answer} does, and writes the line.
     *
     * @param what the call in the words of who called
     */
    static <T> void answer(StreamObserver<T> observer, String what, Requests.Work<T> work) {
        var who = OperatorsOnly.caller().orElse("somebody on this machine");
        Requests.answer(observer, () -> {
            try {
                var message = work.done();
                log.info("{}, by {}: done", printable(what), who);
                return message;
            } catch (StatusRuntimeException e) {
                var status = e.getStatus();
                log.info("{}, by {}: {}", printable(what), who, printable(words(status)));
                throw e;
            }
        });
    }

    private static String words(Status status) {
        return status.getCode() + ", " + status.getDescription();
    }

    /** Without the characters with which a name or topic could end the line or hide in it. */
    static String printable(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }
}
