package io.meridianmq.fabric.link;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.meridianmq.core.link.BatchProfile;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.meridianmq.proto.link.v1.HelloFrame;
import io.meridianmq.proto.link.v1.LinkBatch;
import io.meridianmq.proto.link.v1.LinkFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A caller that says whatever a test wants, right or wrong. */
final class RawCaller implements AutoCloseable, StreamOwner {

    final List<LinkFrame> received = new CopyOnWriteArrayList<>();
    private final EventExecutor mesh = new DefaultEventExecutor();
    private final LinkStream stream;
    private volatile Optional<Status> end = Optional.empty();

    RawCaller(TestComponent called) {
        this(called, TransportSecurity.of(Optional.empty()));
    }

    RawCaller(TestComponent called, TransportSecurity security) {
        var dialler = new Dialler(security, LinkMethod.connect(OpaqueBytes.CODEC), mesh, 1 << 20);
        stream = dialler.dial("127.0.0.1:" + called.port(), BatchProfile.MESH, this);
    }

    static LinkFrame hello(int version, String place, long boot) {
        return LinkFrame.newBuilder()
                .setHello(HelloFrame.newBuilder()
                        .setProtocolVersion(version)
                        .setPlace(place)
                        .setBoot(boot))
                .build();
    }

    void send(LinkFrame... frames) {
        send(LinkBatch.newBuilder().addAllFrames(List.of(frames)).build().toByteArray());
    }

    void send(byte... batch) {
        mesh.execute(() -> stream.send(Unpooled.wrappedBuffer(batch)));
    }

    /** How the called component ended the stream; empty while it is open. */
    Optional<Status> end() {
        return end;
    }

    @Override
    public void onBatch(LinkStream stream, ByteBuf batch) {
        try {
            received.addAll(LinkBatch.parseFrom(batch.nioBuffer()).getFramesList());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("a component sent what is no batch", e);
        }
        stream.handled();
    }

    @Override
    public void onReady(LinkStream stream) {
        // A test's few frames need no flow control.
    }

    @Override
    public void onEnded(LinkStream stream, Status status) {
        end = Optional.of(status);
    }

    @Override
    public void close() {
        mesh.submit(() -> stream.close(Status.CANCELLED.withDescription("the test is over")))
                .syncUninterruptibly();
        mesh.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
