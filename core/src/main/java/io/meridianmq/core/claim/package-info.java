/**
 * One connection per client identifier in a zone: who has it, what happens to the one before, and when a will is due.
 *
 * <pre>
 *   front                         owner of the slot                    standby
 *   {@link io.meridianmq.core.claim.ClaimFront}   -- Open --&gt;    {@link io.meridianmq.core.claim.ClaimOwner}    -- CopyPart --&gt;   {@link io.meridianmq.core.claim.ClaimCopies}
 *                &lt;- Granted -   (one claim per client)  &lt;- CopyMark -
 *                - Close --&gt;
 *                &lt;- Evict --
 * </pre>
 *
 * <p>Every node is a front, the owner of some slots and the keeper of copies of others. What is said gets lost: whoever
 * wants an answer says it again. Nothing here has a thread or a clock: one thread owns all three and tells them the time.
 */
@NullMarked
package io.meridianmq.core.claim;

import org.jspecify.annotations.NullMarked;
