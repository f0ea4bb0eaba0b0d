package io.meridianmq.fabric.directory;

import java.time.Duration;

/**
 * How fast the directory notices things.
 *
 * @param leaseTime a process that cannot renew for so long is no longer listed; whole seconds, at least 1
 * @param renewEvery how often a lease is renewed, or etcd asked whether it is there; well below {@code leaseTime}
 * @param retryEvery pause after an attempt that failed
 * @param callLimit how long one call to etcd may take
 * @param relistEvery how often everything is listed again, in case a watch has silently stopped
 */
record EtcdTiming(
        Duration leaseTime, Duration renewEvery, Duration retryEvery, Duration callLimit, Duration relistEvery) {

    static final EtcdTiming DEFAULT = new EtcdTiming(
            Duration.ofSeconds(6),
            Duration.ofSeconds(2),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30));

    EtcdTiming {
        if (leaseTime.toSeconds() < 1 || renewEvery.plus(retryEvery).compareTo(leaseTime) >= 0) {
            throw new IllegalArgumentException("a lease of " + leaseTime + " renewed every " + renewEvery
                    + " and retried every " + retryEvery + " would end while its process lives");
        }
    }

    /** How long members that etcd no longer lists are kept after it was away. */
    Duration grace() {
        return leaseTime.multipliedBy(2);
    }

    /** After an absence of so long, leases may have ended although their processes live. */
    Duration outage() {
        return leaseTime.dividedBy(2);
    }
}
