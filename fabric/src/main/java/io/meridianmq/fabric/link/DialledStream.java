package io.meridianmq.fabric.link;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.meridianmq.core.link.BatchProfile;
import io.meridianmq.fabric.tls.Identity;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** A stream that this component opened, over a connection of its own. */
final class DialledStream implements LinkStream {

    private final StreamInbox inbox;
    private final ManagedChannel channel;
    private final ClientCall<ByteBuf, ByteBuf> call;

    private DialledStream(StreamInbox inbox, ManagedChannel channel, ClientCall<ByteBuf, ByteBuf> call) {
        this.inbox = inbox;
        this.channel = channel;
        this.call = call;
    }

    /** Opens a stream; the channel is closed with it. */
    static DialledStream open(
            ManagedChannel channel,
            MethodDescriptor<ByteBuf, ByteBuf> method,
            BatchProfile profile,
            StreamInbox inbox) {
        var options = CallOptions.DEFAULT.withOnReadyThreshold(BATCHES_IN_TRANSPORT * profile.bytesMax());
        if (profile.compressed()) {
            options = options.withCompression(COMPRESSION);
        }
        var stream = new DialledStream(inbox, channel, channel.newCall(method, options));
        stream.call.start(stream.new Listener(), new Metadata());
        stream.call.request(BATCHES_AHEAD);
        return stream;
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
        return call.isReady();
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
        call.cancel(status.getDescription(), null);
        channel.shutdownNow();
    }

    private final class Listener extends ClientCall.Listener<ByteBuf> {

        @Override
        public void onMessage(ByteBuf batch) {
            inbox.offerBatch(DialledStream.this, batch);
        }

        @Override
        public void onReady() {
            inbox.offerReady(DialledStream.this);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            inbox.offerEnd(DialledStream.this, status);
        }
    }
}
