package io.meridianmq.control;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.fabric.settings.SettingsAwayException;
import io.meridianmq.fabric.settings.StaleVersionException;
import io.meridianmq.topic.InvalidTopicException;
import io.meridianmq.topic.TopicName;
import java.util.List;
import java.util.Set;

/** What all services do alike: read what was asked, and answer or refuse. Any thread may call. */
final class Requests {

    private Requests() {}

    /** What a call does. */
    @FunctionalInterface
    interface Work<T> {
        T done() throws InterruptedException, SettingsAwayException, StaleVersionException;
    }

    /** Ends a call with what the work brings, or with the status that it throws. */
    static <T> void answer(StreamObserver<T> observer, Work<T> work) {
        T message;
        try {
            message = work.done();
        } catch (StatusRuntimeException e) {
            observer.onError(e);
            return;
        } catch (StaleVersionException e) {
            observer.onError(refusal(Status.ABORTED, e.getMessage() + ": look at it, and try again"));
            return;
        } catch (SettingsAwayException e) {
            observer.onError(refusal(Status.UNAVAILABLE, String.valueOf(e.getMessage())));
            return;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            observer.onError(refusal(Status.UNAVAILABLE, "global-control is stopping"));
            return;
        }
        observer.onNext(message);
        observer.onCompleted();
    }

    /** A place of one of the levels; refuses everything else. */
    static Place place(String field, String text, Place.Level... levels) {
        Place place;
        try {
            place = Place.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(field + ": " + e.getMessage());
        }
        if (!Set.of(levels).contains(place.level())) {
            throw invalid(field + ": \"" + text + "\" is not " + expected(List.of(levels)));
        }
        return place;
    }

    static String topic(String text) {
        try {
            TopicName.check(text);
            return text;
        } catch (InvalidTopicException e) {
            throw invalid("topic: " + e.getMessage());
        }
    }

    static Qos qos(int value) {
        try {
            return Qos.of(value);
        } catch (IllegalArgumentException e) {
            throw invalid("qos: " + e.getMessage());
        }
    }

    /** A text of at most so many characters. */
    static String text(String field, String text, int charsMax) {
        if (text.length() > charsMax) {
            throw invalid(field + ": " + text.length() + " characters are too many, allowed are " + charsMax);
        }
        return text;
    }

    static StatusRuntimeException invalid(String description) {
        return refusal(Status.INVALID_ARGUMENT, description);
    }

    static StatusRuntimeException notFound(Place place) {
        return refusal(Status.NOT_FOUND, "nobody is registered as " + place + ", or it has not reported for 10 s");
    }

    static StatusRuntimeException refusal(Status status, String description) {
        return status.withDescription(description).asRuntimeException();
    }

    private static String expected(List<Place.Level> levels) {
        return String.join(" or ", levels.stream().map(Requests::example).toList());
    }

    private static String example(Place.Level level) {
        return switch (level) {
            case GLOBAL -> "the whole platform, \"global\"";
            case REGION -> "a region such as \"us-east\"";
            case ZONE -> "a zone such as \"us-east/a\"";
            case NODE -> "a node such as \"us-east/a/1\"";
        };
    }
}
