package io.meridianmq.digest;

import com.google.common.hash.BloomFilter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The bits of a Guava {@code BloomFilter<Long>}, probed and set without allocating.
 *
 * <p>Guava's serialised form is one byte for the strategy (1 is MURMUR128_MITZ_64), one for the number of hash functions,
 * four for the number of 64-bit words, then the words, all big-endian. The strategy hashes the key with MurmurHash3
 * x64-128 and sets bits {@code (h1 + i * h2) mod 2^63 mod size}. Tests hold this class against Guava's own answers.
 *
 * <p>One writer, many readers: bits are only ever set, by release stores, and read with acquire.
 */
final class BloomBits {

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final byte MURMUR128_MITZ_64 = 1;
    private static final int KEY_BYTES = Long.BYTES;
    static final int HASH_FUNCTIONS_MAX = 64;

    private final long[] words;
    private final int hashFunctions;
    private final long size;
    private final long reciprocal;

    /**
     * @param words at least one; not copied
     * @param hashFunctions 1 to {@value #HASH_FUNCTIONS_MAX}
     */
    BloomBits(long[] words, int hashFunctions) {
        if (words.length == 0 || hashFunctions < 1 || hashFunctions > HASH_FUNCTIONS_MAX) {
            throw new IllegalArgumentException("a Bloom filter of " + words.length + " words with " + hashFunctions
                    + " hash functions: at least one word and 1 to " + HASH_FUNCTIONS_MAX + " functions");
        }
        this.words = words;
        this.hashFunctions = hashFunctions;
        this.size = (long) words.length * Long.SIZE;
        this.reciprocal = Long.divideUnsigned(-1L, size);
    }

    /** A copy of the bits of a filter; 40 ms or so for 10 million keys, since Guava gives them as a stream of bytes. */
    static BloomBits copyOf(BloomFilter<Long> filter) {
        var bytes = new ByteArrayOutputStream();
        try {
            filter.writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array refused bytes", e);
        }
        var buffer = ByteBuffer.wrap(bytes.toByteArray());
        var strategy = buffer.get();
        if (strategy != MURMUR128_MITZ_64) {
            throw new IllegalStateException("Guava's Bloom filter has strategy " + strategy + ", this class knows "
                    + MURMUR128_MITZ_64 + ": use the Guava version this was tested with");
        }
        var hashFunctions = Byte.toUnsignedInt(buffer.get());
        var words = new long[buffer.getInt()];
        buffer.asLongBuffer().get(words);
        return new BloomBits(words, hashFunctions);
    }

    /** A copy that later changes of this one do not reach. */
    BloomBits copy() {
        return new BloomBits(words.clone(), hashFunctions);
    }

    /** The words, not copied. */
    long[] words() {
        return words;
    }

    int hashFunctions() {
        return hashFunctions;
    }

    /** Whether the key may have been put; false means it was not. Any thread. */
    boolean mightContain(long key) {
        var mixed = mix(key);
        var h2 = finish(mixed + 2 * KEY_BYTES);
        var combined = finish(mixed + KEY_BYTES) + h2;
        var step = combined + h2;
        for (var i = 0; i < hashFunctions; i++) {
            var bit = modulo(combined & Long.MAX_VALUE);
            var word = (long) WORD.getAcquire(words, (int) (bit >>> 6));
            if ((word & 1L << bit) == 0) {
                return false;
            }
            combined += step;
        }
        return true;
    }

    /** Writer. */
    void put(long key) {
        var mixed = mix(key);
        var h2 = finish(mixed + 2 * KEY_BYTES);
        var combined = finish(mixed + KEY_BYTES) + h2;
        var step = combined + h2;
        for (var i = 0; i < hashFunctions; i++) {
            var bit = modulo(combined & Long.MAX_VALUE);
            var at = (int) (bit >>> 6);
            WORD.setRelease(words, at, words[at] | 1L << bit);
            combined += step;
        }
    }

    /** Writer: sets the bits of some words, from the given word on. */
    void merge(int from, ByteBuffer bits) {
        for (var at = from; bits.hasRemaining(); at++) {
            WORD.setRelease(words, at, words[at] | bits.getLong());
        }
    }

    /** The remainder by multiplication with the reciprocal, which is too small by less than one. */
    private long modulo(long value) {
        var quotient = Math.unsignedMultiplyHigh(value, reciprocal);
        var rest = value - quotient * size;
        return rest < size ? rest : rest - size;
    }

    /** What MurmurHash3 x64-128 makes of its only block of a key of 8 bytes, with the length taken in. */
    private static long mix(long key) {
        return Long.rotateLeft(key * 0x87C37B91114253D5L, 31) * 0x4CF5AD432745937FL ^ KEY_BYTES;
    }

    /** The 64-bit finaliser of MurmurHash3. */
    private static long finish(long hash) {
        var h = (hash ^ hash >>> 33) * 0xFF51AFD7ED558CCDL;
        h = (h ^ h >>> 33) * 0xC4CEB9FE1A85EC53L;
        return h ^ h >>> 33;
    }
}
