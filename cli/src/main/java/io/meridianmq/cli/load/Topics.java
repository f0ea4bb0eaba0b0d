package io.meridianmq.cli.load;

/**
 * The topics of one run. Commands and replies carry the region that they are for, so that no other region hears of their
 * subscribers; telemetry is for everybody.
 *
 * @param run its name: letters, digits and hyphens
 */
record Topics(String run) {

    String telemetry(String region, String device) {
        return "fleet/" + run + "/" + region + "/" + device + "/telemetry";
    }

    /** Where a device greets before a run. */
    String hello(String region, String device) {
        return "fleet/" + run + "/" + region + "/" + device + "/hello";
    }

    /** What watchers subscribe to. */
    String everything() {
        return "fleet/" + run + "/#";
    }

    /** @param from region of the commander */
    String command(String region, String device, String from) {
        return "region/" + region + "/fleet/" + run + "/" + device + "/command/" + from;
    }

    /** What a device subscribes to. */
    String commands(String region, String device) {
        return command(region, device, "+");
    }

    /** Where the commander of a region gets its replies. */
    String replies(String region) {
        return "region/" + region + "/fleet/" + run + "/replies";
    }

    /** The region whose commander sent a command. */
    static String senderOf(String commandTopic) {
        return commandTopic.substring(commandTopic.lastIndexOf('/') + 1);
    }
}
