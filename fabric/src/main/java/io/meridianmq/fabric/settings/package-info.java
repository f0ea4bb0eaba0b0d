/** The settings of the platform: where they are kept, and in what form they travel. */
@NullMarked
package io.meridianmq.fabric.settings;

import org.jspecify.annotations.NullMarked;
