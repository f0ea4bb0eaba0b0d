package io.meridianmq.digest;

/** What a builder has to tell its receivers. */
public sealed interface DigestUpdate permits DigestDelta, DigestSnapshot {}
