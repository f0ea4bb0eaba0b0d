package io.meridianmq.core.retained;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;

/**
 * Orders the values a topic has had: the greatest wins in every tier and every place.
 *
 * @param timestamp hybrid logical stamp of the publication
 * @param id identity of the publication; decides between equal stamps of two origins, the same way everywhere
 */
public record RetainedVersion(long timestamp, PublicationId id) implements Comparable<RetainedVersion> {

    /** The version that a publication makes. */
    public static RetainedVersion of(Publication publication) {
        return new RetainedVersion(publication.timestamp(), publication.id());
    }

    @Override
    public int compareTo(RetainedVersion other) {
        var byTime = Long.compare(timestamp, other.timestamp);
        if (byTime != 0) {
            return byTime;
        }
        var byOrigin = Long.compare(id.origin(), other.id.origin());
        if (byOrigin != 0) {
            return byOrigin;
        }
        var byBoot = Long.compare(id.boot(), other.id.boot());
        return byBoot != 0 ? byBoot : Long.compare(id.number(), other.id.number());
    }
}
