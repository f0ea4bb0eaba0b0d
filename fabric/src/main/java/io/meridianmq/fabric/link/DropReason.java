package io.meridianmq.fabric.link;

/** Why a link did not carry a frame. */
public enum DropReason {
    /** The link was down. */
    DOWN,
    /** Too many bytes were waiting for the neighbour. */
    QUEUE_FULL,
    /** The frame was larger than a link carries. */
    TOO_LARGE,
    /** A frame arrived that this version cannot read. */
    UNREADABLE
}
