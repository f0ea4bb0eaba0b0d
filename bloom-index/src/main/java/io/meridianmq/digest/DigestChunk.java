package io.meridianmq.digest;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A piece of a snapshot, of at most 1 MB, compressed on its own, so that a receiver unpacks piece by piece.
 *
 * @param generation the generation the snapshot is of
 * @param version the version the snapshot is at; deltas go on from there
 * @param index 0 to {@code count - 1}; chunks arrive in this order
 * @param count how many chunks the snapshot has
 * @param rawBytes the size of the content
 * @param checksum CRC-32 of the content
 * @param deflated the content in zlib's format; not to be changed
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Bytes on their way to a socket: copies would cost, and nobody compares chunks.
public record DigestChunk(
        long generation, long version, int index, int count, int rawBytes, int checksum, byte[] deflated) {

    /** The largest content, in bytes; incompressible content grows by less than 0.1%, so a chunk stays below 1 MB. */
    public static final int RAW_BYTES_MAX = 1_000_000;

    static DigestChunk pack(long generation, long version, int index, int count, byte[] raw) {
        var deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(raw);
            deflater.finish();
            var room = new byte[raw.length + raw.length / 1_000 + 100];
            var length = deflater.deflate(room);
            if (!deflater.finished()) {
                throw new IllegalStateException(raw.length + " bytes did not deflate into " + room.length);
            }
            var deflated = Arrays.copyOf(room, length);
            return new DigestChunk(generation, version, index, count, raw.length, checksumOf(raw), deflated);
        } finally {
            deflater.end();
        }
    }

    byte[] unpack() throws DigestException {
        if (rawBytes < 0 || rawBytes > RAW_BYTES_MAX) {
            throw new DigestException(this + " claims " + rawBytes + " bytes: at most " + RAW_BYTES_MAX);
        }
        var raw = new byte[rawBytes];
        var inflater = new Inflater();
        try {
            inflater.setInput(deflated);
            var length = 0;
            while (length < rawBytes && !inflater.finished()) {
                var step = inflater.inflate(raw, length, rawBytes - length);
                if (step == 0) {
                    break;
                }
                length += step;
            }
            if (length != rawBytes || checksumOf(raw) != checksum) {
                throw new DigestException(this + " is truncated or corrupt: ask its sender for a new snapshot");
            }
            return raw;
        } catch (DataFormatException e) {
            throw new DigestException(this + " does not decompress: ask its sender for a new snapshot", e);
        } finally {
            inflater.end();
        }
    }

    private static int checksumOf(byte[] raw) {
        var crc = new CRC32();
        crc.update(raw);
        return (int) crc.getValue();
    }

    @Override
    public String toString() {
        return "digest chunk " + index + " of " + count + " (generation " + generation + ", version " + version + ")";
    }
}
