/** The vocabulary of the links: every frame that two components exchange. */
@NullMarked
package io.meridianmq.core.link;

import org.jspecify.annotations.NullMarked;
