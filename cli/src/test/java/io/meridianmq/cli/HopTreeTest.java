package io.meridianmq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.meridianmq.proto.admin.v1.ExplainRequest;
import io.meridianmq.proto.admin.v1.ExplainResponse;
import io.meridianmq.proto.admin.v1.Hop;
import io.meridianmq.proto.admin.v1.Unanswered;
import org.junit.jupiter.api.Test;

class HopTreeTest {

    private static final ExplainRequest REQUEST = ExplainRequest.newBuilder()
            .setTopic("plant/7/temp")
            .setFrom("us-east/a/1")
            .setQos(1)
            .build();

    @Test
    void theTreeFollowsTheMessageWithTheReasons() {
        var response = ExplainResponse.newBuilder()
                .addHops(hop("us-east/a/1", "us-east/a/1", "us-east/a/1", "shared subscription $share/g/plant/#"))
                .addHops(hop("us-east/a/1", "us-east/a/2", "us-east/a/2", "a subscription to this very topic"))
                .addHops(hop("us-east/a/1", "eu-west", "us-east/a", "filter plant/+/temp"))
                .addHops(hop("us-east/a/1", "eu-west", "us-east/a", "filter plant/#"))
                .addHops(hop("eu-west", "eu-west/a", "eu-west/a", "filter plant/#"))
                .addHops(hop("eu-west", "eu-west/b", "eu-west/b", "filter plant/+/temp"))
                .addHops(hop("eu-west/a", "eu-west/a/2", "eu-west/a/2", "filter plant/#"))
                .addHops(hop("eu-west/b", "eu-west/b/1", "eu-west/b/1", "filter plant/+/temp"))
                .build();

        assertThat(new HopTree(REQUEST, response).toText()).isEqualTo("""
                plant/7/temp at QoS 1

                us-east/a/1               published here
                ├─ subscribers here       shared subscription $share/g/plant/#
                ├─ us-east/a/2            a subscription to this very topic
                └─ eu-west via us-east/a  filter plant/+/temp; filter plant/#
                   ├─ eu-west/a           filter plant/#
                   │  └─ eu-west/a/2      filter plant/#
                   └─ eu-west/b           filter plant/+/temp
                      └─ eu-west/b/1      filter plant/+/temp
                """);
    }

    @Test
    void whatDidNotAnswerStandsWhereItIsMissing() {
        var response = ExplainResponse.newBuilder()
                .addHops(hop("us-east/a/1", "eu-west", "us-east/a", "filter plant/#"))
                .addUnanswered(Unanswered.newBuilder().setPlace("eu-west").setReason("did not answer in time"))
                .build();
        var tree = new HopTree(REQUEST, response);

        assertThat(tree.isComplete()).isFalse();
        assertThat(tree.toText()).isEqualTo("""
                plant/7/temp at QoS 1

                us-east/a/1               published here
                └─ eu-west via us-east/a  filter plant/# (did not answer in time)

                Incomplete: no answer from eu-west
                """);
    }

    @Test
    void aMessageThatNobodyWantsStays() {
        assertThat(new HopTree(REQUEST, ExplainResponse.getDefaultInstance()).toText())
                .isEqualTo("plant/7/temp at QoS 1: us-east/a/1 would send it to no other node\n");
    }

    @Test
    void whereAMessageMayNotGoIsShownAsBlocked() {
        var response = ExplainResponse.newBuilder()
                .addHops(hop(
                                "us-east/a/1",
                                "eu-west",
                                "us-east/a",
                                "filter plant/#: blocked, since no global topic matches")
                        .toBuilder()
                        .setBlocked(true))
                .build();

        assertThat(new HopTree(REQUEST, response).toText()).isEqualTo("""
                plant/7/temp at QoS 1

                us-east/a/1           published here
                └─ eu-west (blocked)  filter plant/#: blocked, since no global topic matches
                """);
    }

    @Test
    void anAnswerInCirclesEnds() {
        var response = ExplainResponse.newBuilder()
                .addHops(hop("us-east/a/1", "eu-west", "us-east/a", "x"))
                .addHops(hop("eu-west", "us-east/a/1", "us-east", "x"))
                .build();

        assertThat(new HopTree(REQUEST, response).toText()).hasLineCount(2 + 7);
    }

    @Test
    void jsonHasTheHopsInOrder() {
        var response = ExplainResponse.newBuilder()
                .addHops(hop("us-east/a/1", "us-east/a/2", "us-east/a/2", "filter <plant>/#"))
                .addUnanswered(Unanswered.newBuilder().setPlace("eu-west").setReason("why"))
                .build();

        assertThat(JsonParser.parseString(new HopTree(REQUEST, response).toJson()))
                .isEqualTo(JsonParser.parseString("""
                                {"topic": "plant/7/temp", "from": "us-east/a/1", "qos": 1,
                                 "hops": [{"at": "us-east/a/1", "destination": "us-east/a/2", "nextHop": "us-east/a/2",
                                 "reason": "filter <plant>/#", "blocked": false}],
                                 "unanswered": [{"place": "eu-west", "reason": "why"}]}
                                """));
    }

    private static Hop hop(String at, String destination, String nextHop, String reason) {
        return Hop.newBuilder()
                .setAt(at)
                .setDestination(destination)
                .setNextHop(nextHop)
                .setReason(reason)
                .build();
    }
}
