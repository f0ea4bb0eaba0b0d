package io.meridianmq.fabric.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.meridianmq.proto.link.v1.LinkBatch;
import io.meridianmq.proto.link.v1.LinksGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The one method of the link service, read without a second copy: a batch is read into one array, and the payloads in it
 * are views of that array.
 */
final class LinkMethod {

    static final MethodDescriptor<LinkBatch, LinkBatch> CONNECT = LinksGrpc.getConnectMethod().toBuilder()
            .setRequestMarshaller(new AliasingMarshaller())
            .setResponseMarshaller(new AliasingMarshaller())
            .build();

    private LinkMethod() {}

    private static final class AliasingMarshaller implements MethodDescriptor.Marshaller<LinkBatch> {

        private final MethodDescriptor.Marshaller<LinkBatch> standard =
                ProtoUtils.marshaller(LinkBatch.getDefaultInstance());

        @Override
        public InputStream stream(LinkBatch batch) {
            return standard.stream(batch);
        }

        @Override
        public LinkBatch parse(InputStream stream) {
            try {
                return parse(UnsafeByteOperations.unsafeWrap(stream.readAllBytes()));
            } catch (InvalidProtocolBufferException e) {
                throw Status.INTERNAL
                        .withDescription("a link batch is not readable: the other end does not speak meridian.link.v1")
                        .withCause(e)
                        .asRuntimeException();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static LinkBatch parse(ByteString bytes) throws IOException {
            var input = bytes.newCodedInput();
            input.enableAliasing(true);
            var batch = LinkBatch.parseFrom(input, ExtensionRegistryLite.getEmptyRegistry());
            input.checkLastTagWas(0);
            return batch;
        }
    }
}
