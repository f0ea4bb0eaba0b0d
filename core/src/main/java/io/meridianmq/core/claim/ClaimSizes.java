package io.meridianmq.core.claim;

import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.link.CopyEntry;
import io.meridianmq.core.publication.Will;
import java.util.List;
import java.util.Optional;

/** How many bytes things take on a link, about: never less than half of what they do. */
public final class ClaimSizes {

    private static final int FIXED_BYTES = 64;

    private ClaimSizes() {}

    /** A message. */
    public static int of(ClaimMessage message) {
        return switch (message) {
            case ClaimMessage.Open open -> of(open.clientId()) + of(open.will());
            case ClaimMessage.Granted granted -> of(granted.clientId());
            case ClaimMessage.Refused refused -> of(refused.clientId());
            case ClaimMessage.Close close -> of(close.clientId());
            case ClaimMessage.Closed closed -> of(closed.clientId());
            case ClaimMessage.Evict evict -> of(evict.clientId());
            case ClaimMessage.Evicted evicted -> of(evicted.clientId());
            case ClaimMessage.WillDone done -> of(done.clientId());
            case ClaimMessage.Superseded superseded -> of(superseded.clientId());
            case ClaimMessage.Announce announce -> ofAll(announce.claims());
            case ClaimMessage.CopyPart part -> {
                var bytes = FIXED_BYTES;
                for (var entry : part.entries()) {
                    bytes += of(entry);
                }
                yield bytes;
            }
            case ClaimMessage.AskAnnouncement _,
                    ClaimMessage.Announced _,
                    ClaimMessage.CopyMark _,
                    ClaimMessage.CopyRefused _,
                    ClaimMessage.Ping _,
                    ClaimMessage.Pong _ -> FIXED_BYTES;
        };
    }

    static int of(CopyEntry entry) {
        return switch (entry) {
            case CopyEntry.Put(var claim) -> of(claim);
            case CopyEntry.Remove(var clientId) -> of(clientId);
            case CopyEntry.PutWill(var due) ->
                of(due.clientId()) + due.will().message().sizeBytes();
            case CopyEntry.RemoveWill(var clientId, var _) -> of(clientId);
            case CopyEntry.Begin(), CopyEntry.Complete() -> FIXED_BYTES;
        };
    }

    static int of(ClaimRecord claim) {
        return of(claim.clientId()) + of(claim.will());
    }

    private static int ofAll(List<ClaimRecord> claims) {
        var bytes = FIXED_BYTES;
        for (var claim : claims) {
            bytes += of(claim);
        }
        return bytes;
    }

    private static int of(String clientId) {
        return FIXED_BYTES + clientId.length();
    }

    private static int of(Optional<Will> will) {
        return will.isEmpty() ? 0 : will.get().message().sizeBytes();
    }
}
