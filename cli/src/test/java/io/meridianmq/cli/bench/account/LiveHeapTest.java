package io.meridianmq.cli.bench.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LiveHeapTest {

    @Test
    void generationsAreAddedUpAndMetaspaceIsNot() {
        assertThat(LiveHeap.parse("""
                        4711:
                         DefNew     total 9216K, used 1000K [0x00000000ff600000, 0x0000000100000000)
                          eden space 8192K,  12% used [0x00000000ff600000, 0x00000000ff6fa000)
                         Tenured    total 10240K, used 24K [0x00000000fec00000, 0x00000000ff600000)
                          the  space 10240K,   0% used [0x00000000fec00000, 0x00000000fec06000)
                         Metaspace       used 5555K, committed 5696K, reserved 1114112K
                        """)).hasValue(1_024 * 1_024);
    }

    @Test
    void otherCollectorsAreUnderstood() {
        assertThat(LiveHeap.parse(
                        " garbage-first heap   total reserved 524288K, committed 34816K, used 4096K [0x0, 0x1)"))
                .hasValue(4_096 * 1_024);
        assertThat(LiveHeap.parse(" ZHeap           used 10M, capacity 512M, max capacity 1024M"))
                .hasValue(10 * 1_024 * 1_024);
        assertThat(LiveHeap.parse(" PSYoungGen      total 1K, used 2K [0x0\n ParOldGen       total 9K, used 3K [0x0"))
                .hasValue(5 * 1_024);
    }

    @Test
    void whatIsNoHeapHasNoFigure() {
        assertThat(LiveHeap.parse("4711:\ncom.sun.tools.attach.AttachNotSupportedException"))
                .isEmpty();
    }
}
