package io.meridianmq.core.mesh;

import io.meridianmq.core.place.Member;
import java.util.Optional;

/**
 * A component as global-control knows it: from the global directory, from its own reports, or from both.
 *
 * @param member of the later start where the two differ
 * @param live what that start last reported; empty before its first report
 */
public record KnownComponent(Member member, Optional<LiveFigures> live) {}
