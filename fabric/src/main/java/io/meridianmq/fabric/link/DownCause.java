package io.meridianmq.fabric.link;

/** Why a link that was up went down. */
public enum DownCause {
    /** The stream ended: the neighbour closed it, or the network did. */
    STREAM_ENDED,
    /** The neighbour did not answer heartbeats. */
    SILENT,
    /** More waited for the neighbour than its windows allow. */
    OVERFLOW,
    /** Handling a frame failed here. */
    FAILED,
    /** The neighbour opened another stream. */
    REPLACED,
    /** The directory lists a later start of the neighbour, or no longer lists it. */
    LEFT,
    /** This component stops. */
    STOPPED
}
