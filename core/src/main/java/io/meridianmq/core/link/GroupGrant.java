package io.meridianmq.core.link;

import io.meridianmq.core.place.Place;

/**
 * The origin's choice of who serves one shared subscription for one publication.
 *
 * @param target the zone or node that may hand the publication to one member of the group
 * @param group share name
 * @param filter topic filter behind the share name
 */
public record GroupGrant(Place target, String group, String filter) {}
