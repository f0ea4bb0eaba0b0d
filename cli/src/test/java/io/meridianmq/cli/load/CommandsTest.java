package io.meridianmq.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.cli.load.Commands.Tally;
import org.junit.jupiter.api.Test;

class CommandsTest {

    private static final long GRACE = 1_000_000_000;
    private static final int DEVICE = 7;

    private final Commands commands = new Commands(GRACE);

    @Test
    void roundTripIsFromWhenItWasDueToTheReply() {
        var command = commands.send(DEVICE, "us-east", 0);
        commands.acknowledged(command);
        commands.answered(command, 5_000_000);
        commands.settle(10 * GRACE);

        assertThat(commands.tally()).isEqualTo(new Tally(1, 1, 0, 0));
        assertThat(commands.roundTrip().all().maxMillis()).isBetween(5.0, 5.01);
        assertThat(commands.isSettled()).isTrue();
    }

    @Test
    void acknowledgedCommandWithoutAnswerIsLost() {
        commands.acknowledged(commands.send(DEVICE, "us-east", 0));
        commands.settle(GRACE - 1);
        assertThat(commands.tally().lost()).isZero();
        commands.settle(GRACE);

        assertThat(commands.tally()).isEqualTo(new Tally(1, 0, 0, 1));
    }

    @Test
    void answerThatComesLateTakesTheLossBack() {
        var command = commands.send(DEVICE, "us-east", 0);
        commands.acknowledged(command);
        commands.settle(GRACE);
        commands.answered(command, 2 * GRACE);
        commands.answered(command, 3 * GRACE);

        assertThat(commands.tally()).isEqualTo(new Tally(1, 1, 0, 0));
    }

    @Test
    void commandNeedNotBeAnsweredWithoutAcknowledgementOrConnection() {
        commands.send(DEVICE, "us-east", 0);
        commands.acknowledged(commands.send(DEVICE, "us-east", 0));
        commands.deviceDown(DEVICE);
        commands.acknowledged(commands.send(DEVICE + 1, "eu-west", 0));
        commands.commanderDown("eu-west");
        commands.acknowledged(commands.send(DEVICE, "us-east", 0));
        commands.settle(GRACE);

        assertThat(commands.tally()).isEqualTo(new Tally(4, 0, 3, 1));
    }

    @Test
    void answerToWhatWasNotAskedIsIgnored() {
        commands.answered(5, 1);
        commands.answered(-1, 1);
        assertThat(commands.tally()).isEqualTo(new Tally(0, 0, 0, 0));
    }
}
