package io.meridianmq.broker.publish;

/** Where one message goes. */
public interface Route {

    /** The message stays on this node, which also serves every shared subscription. */
    Route ONLY_HERE = new Route() {
        @Override
        public boolean servesGroup(String group, String filter) {
            return true;
        }

        @Override
        public boolean leavesNode() {
            return false;
        }

        @Override
        public boolean isRefused() {
            return false;
        }
    };

    /**
     * Whether a member on this node gets the message for a shared subscription.
     *
     * @param filter topic filter behind the share name
     */
    boolean servesGroup(String group, String filter);

    /** Whether anybody else gets it. */
    boolean leavesNode();

    /** Whether it may not be published, since it cannot come to where it is to go: nobody gets it, here neither. */
    boolean isRefused();
}
