package io.meridianmq.cli.bench.wire;

/**
 * What the first {@value #BYTES} bytes of a payload say: who published it as which of its messages (the origin, 8 bytes),
 * and when it was due ({@link System#nanoTime}, 8 bytes).
 *
 * <pre>
 *   origin:  publisher, 24 bits | sequence number, 40 bits
 * </pre>
 */
public final class Stamp {

    /** Its size. */
    public static final int BYTES = 16;

    /** Publishers have smaller numbers. */
    public static final int PUBLISHERS_MAX = (1 << 24) - 1;

    /** The origin of what has no stamp. */
    public static final long NO_ORIGIN = -1;

    private static final int SEQUENCE_BITS = 40;
    private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;

    private Stamp() {}

    /**
     * Says who published a message, as which of its own.
     *
     * @param publisher 0 to {@value #PUBLISHERS_MAX} - 1
     * @param sequence 0 to 2^40 - 1: 12 days at a million a second
     */
    public static long origin(int publisher, long sequence) {
        assert publisher >= 0 && publisher < PUBLISHERS_MAX : publisher;
        assert sequence >= 0 && sequence <= SEQUENCE_MASK : sequence;
        return ((long) publisher << SEQUENCE_BITS) | sequence;
    }

    /** The number of who published it; at least {@value #PUBLISHERS_MAX} if there was no stamp. */
    public static int publisher(long origin) {
        return (int) (origin >>> SEQUENCE_BITS);
    }

    /** Its number among those of its publisher. */
    public static long sequence(long origin) {
        return origin & SEQUENCE_MASK;
    }
}
