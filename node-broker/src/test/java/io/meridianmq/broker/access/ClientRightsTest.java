package io.meridianmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.access.ClientRights.Change;
import io.meridianmq.topic.TopicFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClientRightsTest {

    private final Access access = new Access(
            Policy.OPEN, AccessConfig.Mqtt3DeniedPublish.ACKNOWLEDGE, Runnable::run, new SimpleMeterRegistry());
    private final ClientRights rights = new ClientRights(access, "c", Optional.empty());

    @Test
    void followTheFiles() throws Exception {
        assertThat(rights.mayPublish("a")).isTrue();
        assertThat(rights.areLimited()).isFalse();
        assertThat(rights.look()).isEqualTo(Change.NONE);
        follow("everybody\nallow both b");
        assertThat(rights.mayPublish("a")).isFalse();
        assertThat(rights.mayPublish("b")).isTrue();
        assertThat(rights.maySubscribe(TopicFilter.of("b"))).isTrue();
        assertThat(rights.areLimited()).isTrue();
        assertThat(rights.look()).isEqualTo(Change.RIGHTS);
        assertThat(rights.look()).isEqualTo(Change.NONE);
        follow("everybody\nallow both a");
        assertThat(rights.mayPublish("a")).isTrue();
        assertThat(rights.mayPublish("b")).isFalse();
        assertThat(rights.subscriptions().test(TopicFilter.of("b"))).isFalse();
    }

    @Test
    void areRightForMoreTopicsThanAreRemembered() throws Exception {
        follow("everybody\nallow both yes/#");
        for (var round = 0; round < 2; round++) {
            for (var i = 0; i < 2 * ClientRights.TOPICS_MAX + 1; i++) {
                assertThat(rights.mayPublish("yes/" + i)).isTrue();
                assertThat(rights.mayPublish("no/" + i)).isFalse();
            }
        }
    }

    private void follow(String acl) throws Exception {
        access.follow(new Policy(Optional.empty(), AclFileTest.parse(acl)));
    }
}
