package io.meridianmq.broker.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.ReasonCode;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One table of bytes that nobody may send, and the reason code each ends the connection with. */
class RefusedPacketTest {

    /**
     * One row: sender and version ({@code c3} is a client of 3.1, {@code s5} a server of 5), reason code, bytes, and
     * what is wrong.
     */
    private static final String TABLE = """
            c4 81 | 01 00                                         | packet type 0
            c4 81 | C0 80 80 80 80 01                             | remaining length of five bytes
            c5 81 | C0 80 00                                      | remaining length longer than needed [MQTT-1.5.5-1]
            c4 81 | C1 00                                         | flags of PINGREQ [MQTT-2.1.3-1] [MQTT3-2.2.2-1] [MQTT3-2.2.2-2]
            c4 81 | C0 01 00                                      | a PINGREQ that goes on
            c4 81 | 80 06 00 01 00 01 'a' 00                      | flags of SUBSCRIBE [MQTT-3.8.1-1] [MQTT3-3.8.1-1]
            c4 81 | A0 05 00 01 00 01 'a'                         | flags of UNSUBSCRIBE [MQTT-3.10.1-1] [MQTT3-3.10.1-1]
            c4 81 | 60 02 00 01                                   | flags of PUBREL [MQTT-3.6.1-1] [MQTT3-3.6.1-1]
            c4 81 | 6A 02 00 01                                   | DUP in PUBREL after 3.1
            c4 82 | 20 02 00 00                                   | CONNACK from a client
            c4 82 | 90 03 00 01 00                                | SUBACK from a client
            c4 82 | D0 00                                         | PINGRESP from a client
            s4 82 | C0 00                                         | PINGREQ from a server
            s4 82 | E0 00                                         | DISCONNECT from a server before 5
            c4 81 | F0 00                                         | AUTH before 5

            c4 84 | 10 0D 00 04 'MQTX' 04 02 00 00 00 01 'c'      | protocol name [MQTT-3.1.2-1] [MQTT3-3.1.2-1]
            c4 84 | 10 0D 00 04 'MQTT' 06 02 00 00 00 01 'c'      | protocol level [MQTT-3.1.2-2] [MQTT3-3.1.2-2]
            c4 84 | 10 0D 00 04 'MQTT' 03 02 00 00 00 01 'c'      | level of another name
            c4 81 | 10 0D 00 04 'MQTT' 04 03 00 00 00 01 'c'      | reserved flag [MQTT-3.1.2-3] [MQTT3-3.1.2-3]
            c4 81 | 10 0D 00 04 'MQTT' 04 0A 00 00 00 01 'c'      | will QoS without a will [MQTT-3.1.2-11] [MQTT3-3.1.2-13] [MQTT3-3.1.2-11]
            c4 81 | 10 0D 00 04 'MQTT' 04 22 00 00 00 01 'c'      | will retain without a will [MQTT-3.1.2-13] [MQTT3-3.1.2-15]
            c5 81 | 10 14 00 04 'MQTT' 05 1E 00 00 00 00 01 'c' 00 00 01 'w' 00 00 | will QoS 3 [MQTT-3.1.2-12]
            c4 81 | 10 12 00 04 'MQTT' 04 1E 00 00 00 01 'c' 00 01 'w' 00 00 | will QoS 3 in 3.1.1 [MQTT3-3.1.2-14]
            c4 81 | 10 10 00 04 'MQTT' 04 42 00 00 00 01 'c' 00 01 'p' | password without user name in 3.1.1 [MQTT3-3.1.2-22]
            c4 81 | 10 0D 00 04 'MQTT' 04 82 00 00 00 01 'c'      | user name announced, not there [MQTT-3.1.2-17] [MQTT3-3.1.2-19]
            c4 81 | 10 10 00 04 'MQTT' 04 02 00 00 00 01 'c' 00 01 'u' | user name there, not announced [MQTT-3.1.2-16] [MQTT3-3.1.2-18]
            c4 81 | 10 10 00 04 'MQTT' 04 C2 00 00 00 01 'c' 00 01 'u' | password announced, not there [MQTT-3.1.2-19] [MQTT3-3.1.2-21]
            c4 81 | 10 13 00 04 'MQTT' 04 82 00 00 00 01 'c' 00 01 'u' 00 01 'p' | password there, not announced [MQTT-3.1.2-18] [MQTT3-3.1.2-20]
            c4 81 | 10 10 00 04 'MQTT' 04 82 00 00 00 01 'c' 00 01 FF | user name is not UTF-8 [MQTT-3.1.3-12] [MQTT3-3.1.3-11]
            c4 81 | 10 0D 00 04 'MQTT' 04 06 00 00 00 01 'c'      | will announced, not there [MQTT-3.1.2-9] [MQTT3-3.1.2-9]
            c5 81 | 10 12 00 04 'MQTT' 05 06 00 00 00 00 01 'c' 00 00 01 'w' | will without payload [MQTT-3.1.2-9]
            c4 81 | 10 12 00 04 'MQTT' 04 02 00 00 00 01 'c' 00 01 'w' 00 00 | will there, not announced [MQTT3-3.1.2-11]
            c4 81 | 10 12 00 04 'MQTT' 04 06 00 00 00 01 'c' 00 01 FF 00 00 | will topic is not UTF-8 [MQTT-3.1.3-11] [MQTT3-3.1.3-10]
            c5 81 | 10 15 00 04 'MQTT' 05 02 00 00 07 26 00 01 FF 00 01 'v' 00 01 'c' | user property's name is not UTF-8 [MQTT-1.5.7-1]
            c4 85 | 10 0C 00 04 'MQTT' 04 00 00 00 00 00          | no identifier, not clean [MQTT3-3.1.3-8]
            c4 85 | 10 0E 00 06 'MQIsdp' 03 02 00 00 00 00        | no identifier in 3.1
            c4 81 | 10 0E 00 04 'MQTT' 04 02 00 00 00 01 'c' 00   | bytes left over
            c4 81 | 10 0B 00 04 'MQTT' 04 02 00 00 00             | ends too early
            c4 81 | 10 0D 00 04 'MQTT' 04 02 00 00 00 02 'c'      | string beyond the end
            c4 81 | 10 0D 00 04 'MQTT' 04 02 00 00 00 01 00       | U+0000 [MQTT-1.5.4-2] [MQTT3-1.5.3-2]
            c4 81 | 10 0F 00 04 'MQTT' 04 02 00 00 00 03 ED A0 80 | a surrogate [MQTT-1.5.4-1] [MQTT3-1.5.3-1] [MQTT-3.1.3-4] [MQTT3-3.1.3-4]
            c4 81 | 10 0E 00 04 'MQTT' 04 02 00 00 00 02 C0 AF    | an over-long character [MQTT-1.5.4-1] [MQTT3-1.5.3-1]
            c4 90 | 10 13 00 04 'MQTT' 04 06 00 00 00 01 'c' 00 02 'w#' 00 00 | wildcard in will topic
            c4 90 | 10 11 00 04 'MQTT' 04 06 00 00 00 01 'c' 00 00 00 00 | empty will topic
            c5 82 | 10 14 00 04 'MQTT' 05 02 00 00 06 21 00 01 21 00 01 00 01 'c' | property twice
            c5 82 | 10 11 00 04 'MQTT' 05 02 00 00 03 21 00 00 00 01 'c' | receive maximum 0
            c5 82 | 10 13 00 04 'MQTT' 05 02 00 00 05 27 00 00 00 00 00 01 'c' | maximum packet size 0
            c5 82 | 10 10 00 04 'MQTT' 05 02 00 00 02 17 02 00 01 'c' | flag of 2
            c5 81 | 10 10 00 04 'MQTT' 05 02 00 00 02 24 01 00 01 'c' | Maximum QoS in CONNECT
            c5 81 | 10 10 00 04 'MQTT' 05 02 00 00 02 7F 01 00 01 'c' | unknown property
            c5 81 | 10 10 00 04 'MQTT' 05 02 00 00 7F 17 00 00 01 'c' | properties beyond the end
            c5 81 | 10 0F 00 04 'MQTT' 05 02 00 00 01 17 00 01 'c' | property cut off
            c5 82 | 10 12 00 04 'MQTT' 05 02 00 00 04 16 00 01 'd' 00 01 'c' | authentication data without method
            c5 81 | 10 17 00 04 'MQTT' 05 06 00 00 00 00 01 'c' 03 23 00 01 00 01 'w' 00 00 | topic alias in a will

            c4 81 | 36 06 00 01 't' 00 01 '!'                     | QoS 3 [MQTT-3.3.1-4] [MQTT3-3.3.1-4]
            c4 81 | 38 03 00 01 't'                               | DUP with QoS 0 [MQTT-3.3.1-2] [MQTT3-3.3.1-2]
            c4 82 | 32 05 00 01 't' 00 00                         | packet identifier 0 [MQTT-2.2.1-3] [MQTT3-2.3.1-1]
            c4 81 | 32 04 00 01 't' 00                            | ends in the packet identifier
            c4 90 | 30 04 00 02 't+'                              | wildcard [MQTT-3.3.2-2] [MQTT3-3.3.2-2] [MQTT3-4.7.1-1]
            c4 90 | 30 02 00 00                                   | empty topic before 5 [MQTT3-4.7.3-1]
            c4 81 | 30 03 00 01 00                                | U+0000 in the topic [MQTT-4.7.3-2] [MQTT3-4.7.3-2]
            c4 81 | 30 03 00 01 FF                                | topic is not UTF-8 [MQTT-3.3.2-1] [MQTT3-3.3.2-1]
            c4 81 | 30 03 00 02 't'                               | topic beyond the end
            c5 82 | 30 03 00 00 00                                | neither topic nor alias
            c5 94 | 30 07 00 01 't' 03 23 00 00                   | topic alias 0 [MQTT-3.3.2-8]
            c5 82 | 30 0A 00 01 't' 06 23 00 01 23 00 01          | topic alias twice
            c5 82 | 30 06 00 01 't' 02 0B 01                      | subscription identifier [MQTT-3.3.4-6]
            s5 82 | 30 06 00 01 't' 02 0B 00                      | subscription identifier 0
            c5 82 | 30 06 00 01 't' 02 01 02                      | payload format 2
            c5 90 | 30 08 00 01 't' 04 08 00 01 '#'               | wildcard in response topic [MQTT-3.3.2-14]
            c5 81 | 30 08 00 01 't' 04 08 00 01 FF                | response topic is not UTF-8 [MQTT-3.3.2-13]
            c5 81 | 30 0B 00 01 't' 07 26 00 01 'n' 00 01 FF      | user property's value is not UTF-8 [MQTT-1.5.7-1]
            c5 90 | 30 07 00 01 't' 03 08 00 00                   | empty response topic
            c5 81 | 30 08 00 01 't' 04 03 00 01 FF                | content type is not UTF-8 [MQTT-3.3.2-19]
            c5 81 | 30 09 00 01 't' 05 11 00 00 00 01             | session expiry in PUBLISH
            c5 81 | 30 07 00 01 't' 03 26 00 01                   | user property cut off
            c5 81 | 30 04 00 01 't' 01                            | properties beyond the end
            c5 81 | 30 05 00 01 't' 80 00                         | property length longer than needed

            c4 82 | 40 02 00 00                                   | PUBACK with identifier 0
            c4 81 | 40 03 00 01 00                                | PUBACK before 5 with a reason
            c4 81 | 40 01 00                                      | PUBACK cut off
            c5 82 | 40 03 00 01 92                                | reason code of another packet [MQTT-3.4.2-1]
            c5 82 | 50 03 00 01 01                                | reason code of another packet [MQTT-3.5.2-1]
            c5 82 | 62 03 00 01 80                                | reason code of another packet [MQTT-3.6.2-1]
            c5 82 | 70 03 00 01 10                                | reason code of another packet [MQTT-3.7.2-1]
            c5 82 | 62 03 00 01 55                                | reason code that does not exist
            c5 81 | 40 06 00 01 00 02 01 00                       | payload format in PUBACK
            c5 82 | 40 0C 00 01 00 08 1F 00 01 'a' 1F 00 01 'b'   | reason string twice

            c4 82 | 82 02 00 01                                   | SUBSCRIBE without filters [MQTT-3.8.3-2] [MQTT3-3.8.3-3]
            c4 82 | 82 06 00 00 00 01 'a' 00                      | SUBSCRIBE with identifier 0
            c4 81 | 82 05 00 01 00 01 'a'                         | SUBSCRIBE without options
            c4 81 | 82 06 00 01 00 01 'a' 03                      | QoS 3 before 5 [MQTT3-3.8.3-4]
            c4 81 | 82 06 00 01 00 01 FF 00                       | filter is not UTF-8 [MQTT-3.8.3-1] [MQTT3-3.8.3-1]
            c4 81 | 82 06 00 01 00 01 'a' 04                      | No Local before 5 [MQTT3-3.8.3-4]
            c5 82 | 82 07 00 01 00 00 01 'a' 03                   | maximum QoS 3
            c5 81 | 82 07 00 01 00 00 01 'a' 40                   | reserved option [MQTT-3.8.3-5]
            c5 82 | 82 07 00 01 00 00 01 'a' 30                   | retain handling 3
            c5 82 | 82 10 00 01 00 00 0A '$share/g/a' 04          | No Local on a shared one [MQTT-3.8.3-4]
            c5 82 | 82 09 00 01 02 0B 00 00 01 'a' 00             | subscription identifier 0
            c5 82 | 82 0B 00 01 04 0B 01 0B 02 00 01 'a' 00       | subscription identifier twice
            c5 81 | 82 0A 00 01 03 23 00 01 00 01 'a' 00          | topic alias in SUBSCRIBE
            c4 8F | 82 07 00 01 00 02 'a#' 00                     | filter [MQTT-4.7.1-1] [MQTT3-4.7.1-2]
            c4 8F | 82 07 00 01 00 02 '+a' 00                     | + beside others [MQTT-4.7.1-2] [MQTT3-4.7.1-3]
            c4 8F | 82 05 00 01 00 00 00                          | empty filter [MQTT-4.7.3-1] [MQTT3-4.7.3-1]
            c5 8F | 82 0F 00 01 00 00 09 '$share/g/' 00           | shared without a filter [MQTT-4.8.2-2]
            c4 82 | A2 02 00 01                                   | UNSUBSCRIBE without filters [MQTT-3.10.3-2] [MQTT3-3.10.3-2]
            c4 8F | A2 06 00 01 00 02 '#a'                        | filter in UNSUBSCRIBE
            c4 81 | A2 05 00 01 00 01 FF                          | UNSUBSCRIBE's filter is not UTF-8 [MQTT-3.10.3-1] [MQTT3-3.10.3-1]
            c5 81 | A2 08 00 01 02 0B 01 00 01 'a'                | identifier in UNSUBSCRIBE

            s4 81 | 20 02 02 00                                   | flags of CONNACK [MQTT-3.2.2-1]
            s4 82 | 20 02 01 05                                   | refused with a session [MQTT-3.2.2-6]
            s4 81 | 20 02 00 06                                   | reserved return code
            s5 82 | 20 03 00 04 00                                | reason code of another packet [MQTT-3.2.2-8]
            s5 82 | 20 05 00 00 02 24 02                          | Maximum QoS 2 [MQTT-3.2.2-9]
            s5 82 | 90 03 00 01 00                                | SUBACK without codes
            s5 82 | 90 04 00 01 00 03                             | reason code of no packet in SUBACK [MQTT-3.9.3-2]
            s5 82 | B0 04 00 01 00 01                             | reason code of SUBACK in UNSUBACK [MQTT-3.11.3-2]
            s5 81 | B0 06 00 01 02 17 01 00                       | problem information in UNSUBACK
            s4 81 | 90 03 00 01 87                                | SUBACK before 5 with a reason of 5 [MQTT3-3.9.3-2]
            s4 81 | B0 03 00 01 00                                | UNSUBACK before 5 with a code

            c4 81 | E0 01 00                                      | DISCONNECT before 5 with a reason
            c4 81 | E1 00                                         | flags of DISCONNECT [MQTT-3.14.1-1] [MQTT3-3.14.1-1]
            c5 81 | F8 02 18 00                                   | flags of AUTH [MQTT-3.15.1-1]
            c5 82 | E0 01 8E                                      | a server's reason from a client [MQTT-3.14.2-1]
            s5 82 | E0 01 04                                      | a client's reason from a server [MQTT-3.14.2-1]
            s5 82 | E0 07 00 05 11 00 00 00 00                    | session expiry from a server [MQTT-3.14.2-2]
            c5 82 | E0 06 00 04 1C 00 01 's'                      | server reference from a client
            c5 82 | F0 00                                         | AUTH with success from a client [MQTT-3.15.2-1]
            s5 82 | F0 06 19 04 15 00 01 'm'                      | again from a server [MQTT-3.15.2-1]
            c5 82 | F0 02 18 00                                   | AUTH without a method
            c5 81 | F0 01 18                                      | AUTH without properties
            c5 82 | F0 0A 18 08 15 00 01 'm' 15 00 01 'm'         | method twice
            """;

    record Row(Sender sender, ProtocolVersion version, int reasonCode, String bytes, String name) {

        static Row parse(String line) {
            var parts = line.split("\\|", 3);
            var version = Arrays.stream(ProtocolVersion.values())
                    .filter(v -> v.level() == line.charAt(1) - '0')
                    .findFirst()
                    .orElseThrow();
            return new Row(
                    line.charAt(0) == 'c' ? Sender.CLIENT : Sender.SERVER,
                    version,
                    Integer.parseInt(parts[0].substring(3).strip(), 16),
                    parts[1].strip(),
                    parts[2].strip());
        }

        @Override
        public String toString() {
            return name + ": " + bytes;
        }
    }

    static Stream<Row> rows() {
        return TABLE.lines().filter(line -> !line.isBlank()).map(Row::parse);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void refusesWithTheReasonCode(Row row) {
        var in = Bytes.buffer(row.bytes);
        var decoder = Decoders.of(row.sender, row.version);
        var refusal = catchThrowableOfType(ProtocolException.class, () -> Decoders.decode(decoder, in));
        assertThat(refusal).as("nothing was refused").isNotNull();
        assertThat(refusal.reasonCode())
                .as(refusal.getMessage())
                .isEqualTo(ReasonCode.find(row.reasonCode).orElseThrow());
        assertThat(in.refCnt()).as("references kept").isOne();
        in.release();
    }
}
