package io.meridianmq.fabric.directory;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.etcd.jetcd.ByteSequence;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Members as etcd keeps them: a key per place, a protobuf message as value. */
final class MemberCodec {

    private final String membersPrefix;

    /**
     * A codec for one platform's keys.
     *
     * @param prefix of all of them, such as {@code /meridian/v1}
     */
    MemberCodec(String prefix) {
        membersPrefix = prefix + "/members/";
    }

    /** What the keys of all members start with. */
    ByteSequence allKeys() {
        return ByteSequence.from(membersPrefix, StandardCharsets.UTF_8);
    }

    ByteSequence key(Place place) {
        return ByteSequence.from(membersPrefix + place, StandardCharsets.UTF_8);
    }

    /** The place a key is for; empty if somebody else wrote a key here that is none of ours. */
    Optional<Place> place(ByteSequence key) {
        try {
            return Optional.of(Place.parse(key.toString(StandardCharsets.UTF_8).substring(membersPrefix.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static ByteSequence value(Member member) {
        var message = io.meridianmq.proto.directory.v1.Member.newBuilder()
                .setPlace(member.place().toString())
                .setBoot(member.boot())
                .setLinkAddress(member.linkAddress())
                .setClientAddress(member.clientAddress())
                .setMetricsAddress(member.metricsAddress())
                .setDraining(member.draining())
                .setStarting(member.starting())
                .build();
        return ByteSequence.from(message.toByteString());
    }

    /** The member a value describes; empty if it is not a member or stands under a key of another place. */
    Optional<Member> member(ByteSequence key, ByteSequence value) {
        try {
            var message = io.meridianmq.proto.directory.v1.Member.parseFrom(ByteString.copyFrom(value.getBytes()));
            return place(key)
                    .filter(place -> place.toString().equals(message.getPlace()))
                    .map(place -> new Member(
                            place,
                            message.getBoot(),
                            message.getLinkAddress(),
                            message.getClientAddress(),
                            message.getMetricsAddress(),
                            message.getStarting(),
                            message.getDraining()));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }
}
