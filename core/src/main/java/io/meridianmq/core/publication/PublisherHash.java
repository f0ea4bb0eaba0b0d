package io.meridianmq.core.publication;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * A 64-bit hash of a client identifier, the same on every machine, for ever: what it stands for is found by it. Any thread.
 */
public final class PublisherHash {

    private PublisherHash() {}

    /** The hash, by FarmHash Fingerprint64; never 0, which means no publisher. */
    public static long of(String clientId) {
        var hash = Hashing.farmHashFingerprint64()
                .hashString(clientId, StandardCharsets.UTF_8)
                .asLong();
        return hash == 0 ? 1 : hash;
    }
}
