package io.meridianmq.core.claim;

import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.place.ConnectionNumber;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is known of the clients of one slot, by its owner or in a copy; handed over when a copy's holder becomes owner. */
public final class SlotClaims {

    final ClientTable<Claim> claims = new ClientTable<>(claim -> claim.clientId);

    /** Wills whose time has come and that are not published yet, oldest first. */
    final Map<WillKey, DueWill> dueWills = new LinkedHashMap<>(0);

    /** The will of one connection. */
    record WillKey(String clientId, ConnectionNumber number) {
        static WillKey of(DueWill will) {
            return new WillKey(will.clientId(), will.number());
        }
    }

    boolean isEmpty() {
        return claims.size() == 0 && dueWills.isEmpty();
    }
}
