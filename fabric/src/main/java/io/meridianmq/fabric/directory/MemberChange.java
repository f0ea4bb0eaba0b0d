package io.meridianmq.fabric.directory;

import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;

/** One change that etcd reports, with the revision at which it happened. */
sealed interface MemberChange {

    Place place();

    long revision();

    record Listed(Member member, long revision) implements MemberChange {
        @Override
        public Place place() {
            return member.place();
        }
    }

    record Removed(Place place, long revision) implements MemberChange {}
}
