package io.meridianmq.fabric.directory;

import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.directory.EtcdConnection.LeaseEndedException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process has registered, and the one lease that holds it. {@link #register} may be called by any thread,
 * everything else belongs to the thread of the directory.
 */
final class OwnMembers {

    private static final Logger log = LoggerFactory.getLogger(OwnMembers.class);

    private static final long NO_LEASE = 0;

    private final String directory;
    private final Duration leaseTime;
    private final EtcdCounters counters;
    private final Consumer<PlaceTakenException> onTaken;
    private final Map<Place, Registration> registrations = new ConcurrentSkipListMap<>();
    private long lease = NO_LEASE;

    OwnMembers(String directory, Duration leaseTime, EtcdCounters counters, Consumer<PlaceTakenException> onTaken) {
        this.directory = directory;
        this.leaseTime = leaseTime;
        this.counters = counters;
        this.onTaken = onTaken;
    }

    /** Completes when {@link #claimUnlisted} has listed the member; cancelled if another takes its turn before. */
    CompletableFuture<Void> register(Member member) {
        var registration = new Registration(member);
        var earlier = registrations.put(member.place(), registration);
        if (earlier != null) {
            earlier.listed.cancel(false);
        }
        return registration.listed;
    }

    Set<Place> places() {
        return registrations.keySet();
    }

    /** The lease under which all own members are listed, as far as is known; empty while any is not. */
    OptionalLong listedUnder() {
        return lease == NO_LEASE
                        || registrations.isEmpty()
                        || registrations.values().stream().anyMatch(registration -> !registration.claimed)
                ? OptionalLong.empty()
                : OptionalLong.of(lease);
    }

    /** Renews the lease, or asks etcd whether it is there while there is none. */
    void renew(EtcdConnection etcd) throws EtcdAwayException, InterruptedException {
        if (lease == NO_LEASE) {
            etcd.heartbeat();
            return;
        }
        try {
            etcd.renew(lease);
        } catch (LeaseEndedException e) {
            onLeaseEnded();
        }
    }

    /** Lists all that is not listed, under a new lease if need be. */
    void claimUnlisted(EtcdConnection etcd) throws EtcdAwayException, InterruptedException {
        for (var registration : registrations.values()) {
            if (!registration.claimed) {
                claim(etcd, registration);
            }
        }
    }

    /** Compares what etcd lists for an own place with what it should; another's place is none of this class's business. */
    void compare(Place place, Optional<Member> listed) {
        var registration = registrations.get(place);
        if (registration == null || !registration.claimed) {
            return;
        }
        var higher = listed.filter(member -> member.boot() > registration.member.boot());
        if (higher.isPresent()) {
            taken(registration, higher.get());
        } else {
            registration.claimed = listed.equals(Optional.of(registration.member));
        }
    }

    /** Removes everything from etcd at once. */
    void revoke(EtcdConnection etcd) throws EtcdAwayException, InterruptedException {
        if (lease != NO_LEASE) {
            etcd.revoke(lease);
            lease = NO_LEASE;
        }
    }

    /** Tells whoever still waits that nothing will be listed any more. */
    void cancel() {
        registrations.values().forEach(registration -> registration.listed.cancel(false));
    }

    private void claim(EtcdConnection etcd, Registration registration) throws EtcdAwayException, InterruptedException {
        if (lease == NO_LEASE) {
            lease = etcd.grant(leaseTime);
        }
        try {
            var holder = etcd.claim(registration.member, lease);
            if (holder.isPresent()) {
                taken(registration, holder.get());
            } else {
                registration.claimed = true;
                registration.listed.complete(null);
            }
        } catch (LeaseEndedException e) {
            onLeaseEnded(); // The next turn claims everything anew.
        }
    }

    private void onLeaseEnded() {
        counters.leasesLost.incrementAndGet();
        log.warn("directory {}: the lease of this process had ended; it registers again", directory);
        lease = NO_LEASE;
        registrations.values().forEach(registration -> registration.claimed = false);
    }

    private void taken(Registration registration, Member holder) {
        var failure = new PlaceTakenException(registration.member, holder);
        log.error("{}", failure.getMessage());
        registrations.remove(registration.member.place(), registration);
        registration.listed.completeExceptionally(failure);
        onTaken.accept(failure);
    }

    private static final class Registration {

        final Member member;
        final CompletableFuture<Void> listed = new CompletableFuture<>();

        /** Only for the directory's thread: as far as it knows, etcd lists the member under the lease. */
        boolean claimed;

        Registration(Member member) {
            this.member = member;
        }
    }
}
