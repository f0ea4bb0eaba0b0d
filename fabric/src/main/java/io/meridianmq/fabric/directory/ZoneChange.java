package io.meridianmq.fabric.directory;

import io.etcd.jetcd.ByteSequence;
import java.util.Optional;

/**
 * One change of a zone's leader or slot table that etcd reports.
 *
 * @param value empty if the key is gone
 * @param revision at which it happened
 * @param createdAt at which revision the key came into being
 */
record ZoneChange(ByteSequence key, Optional<ByteSequence> value, long revision, long createdAt) {}
