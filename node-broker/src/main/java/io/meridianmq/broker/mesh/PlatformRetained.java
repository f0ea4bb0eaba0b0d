package io.meridianmq.broker.mesh;

import io.meridianmq.broker.publish.RetainedMessages;
import io.meridianmq.core.mesh.NodeMesh;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.fabric.relay.MeshRunner;
import io.meridianmq.topic.TopicFilter;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The retained messages of the whole platform, by way of this node's mesh. Any thread. */
record PlatformRetained(MeshRunner<NodeMesh> runner) implements RetainedMessages {

    private static final Logger log = LoggerFactory.getLogger(PlatformRetained.class);

    private static final int SERVER_SHUTTING_DOWN = 0x8B;

    @Override
    public void store(Publication publication, IntConsumer onStored) {
        var kept = publication.shareForLong();
        try {
            runner.execute(() -> {
                runner.mesh().retained().put(kept, onStored);
                kept.release();
            });
        } catch (RejectedExecutionException e) {
            log.debug("a retained message came while this node was stopping", e);
            kept.release();
            onStored.accept(SERVER_SHUTTING_DOWN);
        }
    }

    @Override
    public void lookUp(TopicFilter filter, String afterTopic, int limit, FoundSink sink) {
        try {
            runner.execute(() -> runner.mesh().retained().lookUp(filter, afterTopic, limit, sink::found));
        } catch (RejectedExecutionException e) {
            log.debug("retained messages were asked for while this node was stopping", e);
            sink.found(List.of(), false);
        }
    }
}
