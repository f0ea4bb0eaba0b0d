package io.meridianmq.retained;

import io.meridianmq.core.retained.RetainedVersion;

/**
 * The topic has no message since this version: it was cleared, or the message of this version has expired. Older messages
 * elsewhere do not count any more.
 *
 * @param topic valid topic name
 */
public record RetainedTombstone(String topic, RetainedVersion version) implements RetainedEntry {}
