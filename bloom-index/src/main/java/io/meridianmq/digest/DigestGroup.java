package io.meridianmq.digest;

import io.meridianmq.topic.TopicFilter;

/**
 * A shared subscription as digests carry it.
 *
 * @param filter with its group: {@code $share/group/filter}
 * @param hasOnline whether the place has a member with a connection, or only members that are away
 */
public record DigestGroup(TopicFilter filter, boolean hasOnline) {

    public DigestGroup {
        if (!filter.isShared()) {
            throw new IllegalArgumentException(filter + " is no shared filter: expected $share/{group}/{filter}");
        }
    }
}
