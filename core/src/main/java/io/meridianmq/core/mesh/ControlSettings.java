package io.meridianmq.core.mesh;

import java.time.Duration;

/**
 * Limits and times of global-control's side of the mesh.
 *
 * @param reportLife how long a report counts without a newer one
 * @param componentsMax components whose reports are kept; those of further ones are not taken
 * @param figuresMax figures in one report; a report with more is not taken
 * @param questionsMax questions that wait for their answer at the same time; further ones are not sent
 */
public record ControlSettings(Duration reportLife, int componentsMax, int figuresMax, int questionsMax) {

    /** Reports count for 10 s; 10,000 components with 100 figures each; 1,000 questions. */
    public static final ControlSettings DEFAULT = new ControlSettings(Duration.ofSeconds(10), 10_000, 100, 1_000);
}
