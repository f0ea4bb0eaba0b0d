package io.meridianmq.fabric.link;

import com.google.protobuf.InvalidProtocolBufferException;
import io.meridianmq.core.link.Hello;
import io.meridianmq.core.link.HelloRules;
import io.meridianmq.core.link.HelloVerdict;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.tls.Identity;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.meridianmq.proto.link.v1.HelloFrame;
import io.meridianmq.proto.link.v1.LinkBatch;
import io.meridianmq.proto.link.v1.LinkFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What all links of one component share; everything in it belongs to the mesh thread.
 *
 * @param hello what this component says of itself now
 * @param refusals hellos refused, by cause; any thread
 * @param random for the jitter between attempts
 */
record LinkContext(
        Place self,
        EventExecutor mesh,
        LinkSettings settings,
        LinkEvents events,
        HelloRules rules,
        EnumCounts<HelloVerdict.Cause> refusals,
        Supplier<Hello> hello,
        Dialler dialler,
        TransportSecurity security,
        FrameEncoder encoder,
        FrameDecoder decoder,
        RandomGenerator random) {

    /** The batch that opens this component's direction of a stream. */
    ByteBuf helloBatch() {
        var hello = hello().get();
        var batch = LinkBatch.newBuilder()
                .addFrames(LinkFrame.newBuilder()
                        .setHello(HelloFrame.newBuilder()
                                .setProtocolVersion(hello.version())
                                .setPlace(hello.place().toString())
                                .setBoot(hello.boot())
                                .setViewRevision(hello.viewRevision())))
                .build();
        return Unpooled.wrappedBuffer(batch.toByteArray());
    }

    /** Judges the hello of a component that opened a stream to this one. */
    HelloVerdict onCall(LinkStream stream, Hello hello) {
        return contradiction(stream, hello).orElseGet(() -> rules.onCall(hello));
    }

    /** Judges the hello that answers a stream which this component opened to {@code dialled}. */
    HelloVerdict onAnswer(LinkStream stream, Place dialled, Hello hello) {
        return contradiction(stream, hello).orElseGet(() -> rules.onAnswer(dialled, hello));
    }

    /** On encrypted links nobody is who his certificate does not say he is. */
    private static Optional<HelloVerdict> contradiction(LinkStream stream, Hello hello) {
        return stream.identity()
                .filter(identity -> !identity.equals(new Identity.Component(hello.place())))
                .map(identity -> new HelloVerdict.Refused(
                        HelloVerdict.Cause.CERTIFICATE,
                        "the other end says that it is " + hello.place() + ", but its certificate is for " + identity
                                + ": give it the certificate of its place"));
    }

    /**
     * The hello in the first batch of a stream.
     *
     * @throws IllegalArgumentException if the batch is anything else; the message says what
     */
    static Hello hello(ByteBuf bytes) {
        LinkBatch batch;
        try {
            batch = LinkBatch.parseFrom(bytes.nioBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the first batch on a link is not of meridian.link.v1", e);
        }
        if (batch.getFramesCount() != 1 || !batch.getFrames(0).hasHello()) {
            throw new IllegalArgumentException("the first batch on a link is not a single hello");
        }
        var hello = batch.getFrames(0).getHello();
        return new Hello(
                hello.getProtocolVersion(), Place.parse(hello.getPlace()), hello.getBoot(), hello.getViewRevision());
    }
}
