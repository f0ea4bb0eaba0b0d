package io.meridianmq.simulation;

/**
 * Something that must never happen has happened.
 *
 * @param invariant its name in the design
 * @param what what was seen
 */
public record Violation(String invariant, String what) {

    @Override
    public String toString() {
        return invariant + ": " + what;
    }
}
