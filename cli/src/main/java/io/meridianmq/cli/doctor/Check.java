package io.meridianmq.cli.doctor;

/**
 * One line of what the doctor found.
 *
 * @param what the thing that was looked at
 * @param is what it is here
 * @param needs what it has to be
 * @param verdict whether it is
 * @param how what to do if it is not; empty if there is nothing to do
 */
record Check(String what, String is, String needs, Verdict verdict, String how) {

    /** Whether something is as it has to be. */
    enum Verdict {
        ENOUGH("ok"),
        BELOW("BELOW"),
        /** It cannot be seen from here, as in some containers. */
        UNKNOWN("?");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Verdict verdict(boolean isEnough) {
        return isEnough ? Verdict.ENOUGH : Verdict.BELOW;
    }

    boolean isBelow() {
        return verdict == Verdict.BELOW;
    }
}
