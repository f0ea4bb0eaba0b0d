package io.meridianmq.fabric.link;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meridianmq.core.link.BatchProfile;
import io.meridianmq.fabric.tls.Identity;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.meridianmq.proto.link.v1.LinkBatch;
import java.util.Optional;

/** A stream that this component opened, over a connection of its own. */
final class DialledStream implements LinkStream {

    private final StreamInbox inbox;
    private final ManagedChannel channel;
    private final ClientCall<LinkBatch, LinkBatch> call;

    private DialledStream(StreamInbox inbox, ManagedChannel channel, ClientCall<LinkBatch, LinkBatch> call) {
        this.inbox = inbox;
        this.channel = channel;
        this.call = call;
    }

    /** Opens a stream; the channel is closed with it. */
    static DialledStream open(ManagedChannel channel, BatchProfile profile, StreamInbox inbox) {
        var options = CallOptions.DEFAULT.withOnReadyThreshold(BATCHES_IN_TRANSPORT * profile.bytesMax());
        if (profile.compressed()) {
            options = options.withCompression(COMPRESSION);
        }
        var stream = new DialledStream(inbox, channel, channel.newCall(LinkMethod.CONNECT, options));
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
    public void send(LinkBatch batch) {
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

    private final class Listener extends ClientCall.Listener<LinkBatch> {

        @Override
        public void onMessage(LinkBatch batch) {
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
