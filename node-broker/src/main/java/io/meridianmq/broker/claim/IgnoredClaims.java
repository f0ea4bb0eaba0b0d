package io.meridianmq.broker.claim;

import io.meridianmq.core.mesh.ClaimFigures;

/** Why a message about claims is not taken. */
enum IgnoredClaims {
    STATE("about a slot in another state or epoch, as happens when slots change their owners"),
    FORGED("naming a connection that is not its sender's: look at what runs at the other nodes of the zone"),
    STALE("from who does not own the slot any more, or not yet, as happens when slots change their owners"),
    COPY("for a copy, from who does not own the slot in this epoch, as happens when owners are replaced");

    private final String explanation;

    IgnoredClaims(String explanation) {
        this.explanation = explanation;
    }

    /** What such messages are, for the log. */
    String explanation() {
        return explanation;
    }

    /** How many there have been since the start. */
    long count(ClaimFigures figures) {
        return switch (this) {
            case STATE -> figures.owner().voids();
            case FORGED -> figures.owner().forged();
            case STALE -> figures.front().stale();
            case COPY -> figures.copiesRefused();
        };
    }
}
