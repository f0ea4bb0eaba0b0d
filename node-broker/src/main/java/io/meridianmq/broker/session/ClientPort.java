package io.meridianmq.broker.session;

import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.session.SessionPort;
import java.util.List;

/**
 * A connection as the loop of its session sees it: the session's port, and what else answers a client. Everything
 * reaches the client in the order of the calls.
 *
 * <p>A connection on the session's own loop is one itself; {@link HandOffPort} leads to one on another loop.
 */
public interface ClientPort extends SessionPort {

    /** The session cannot be opened: CONNACK with this reason, and the end of the connection. */
    void refuse(ReasonCode reasonCode);

    void sendSubAck(int packetIdentifier, List<ReasonCode> reasonCodes);

    void sendUnsubAck(int packetIdentifier, List<ReasonCode> reasonCodes);

    /** The connection as an operator sees it. Any thread, once the session has been asked for. */
    Answer.ConnectionView view();

    /** A packet of the client that counts as read ahead has been dealt with. */
    void dealtWith(int packetBytes);
}
