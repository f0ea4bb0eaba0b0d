package io.meridianmq.fabric.link;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.meridianmq.core.link.BatchProfile;
import io.meridianmq.fabric.tls.Identity;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** A stream that a neighbour opened. */
final class AcceptedStream implements LinkStream {

    private final StreamInbox inbox;
    private final ServerCall<ByteBuf, ByteBuf> call;
    private boolean answered;
    private boolean closed;

    AcceptedStream(StreamInbox inbox, ServerCall<ByteBuf, ByteBuf> call) {
        this.inbox = inbox;
        this.call = call;
        // Its hello only, until it has said who it is.
        call.request(1);
    }

    /** What gRPC tells about the stream, on its own threads. */
    ServerCall.Listener<ByteBuf> listener() {
        return new Listener();
    }

    /** Opens both directions, after a hello that was accepted; nothing is sent before. */
    void answer(BatchProfile profile) {
        call.setOnReadyThreshold(BATCHES_IN_TRANSPORT * profile.bytesMax());
        if (profile.compressed()) {
            call.setCompression(COMPRESSION);
        }
        call.sendHeaders(new Metadata());
        call.request(BATCHES_AHEAD - 1);
        answered = true;
    }

    @Override
    public StreamInbox inbox() {
        return inbox;
    }

    @Override
    public Optional<Identity> identity() {
        return TransportSecurity.identity(call.getAttributes());
    }

    @Override
    public boolean isReady() {
        return answered && call.isReady();
    }

    @Override
    public void send(ByteBuf batch) {
        call.sendMessage(batch);
    }

    @Override
    public void handled() {
        call.request(1);
    }

    @Override
    public void close(Status status) {
        inbox.close();
        if (!closed) {
            closed = true;
            call.close(status, new Metadata());
        }
    }

    private final class Listener extends ServerCall.Listener<ByteBuf> {

        @Override
        public void onMessage(ByteBuf batch) {
            inbox.offerBatch(AcceptedStream.this, batch);
        }

        @Override
        public void onReady() {
            inbox.offerReady(AcceptedStream.this);
        }

        @Override
        public void onHalfClose() {
            inbox.offerEnd(AcceptedStream.this, Status.CANCELLED.withDescription("the caller has nothing more to say"));
        }

        @Override
        public void onCancel() {
            inbox.offerEnd(AcceptedStream.this, Status.CANCELLED.withDescription("the caller or the network ended it"));
        }
    }
}
