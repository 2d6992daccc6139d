package dev.countersign.mpc.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.countersign.mpc.Party;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TranscriptTest {
  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// TSSHOCK: what is joined without lengths can be cut elsewhere.
  @Test
  void fieldsThatAreCutElsewhereHashToOtherValues() {
    Set<String> digests = new HashSet<>();
    List<Transcript> all =
        List.of(
            Transcript.of("d").add("a", ascii("bc")),
            Transcript.of("d").add("ab", ascii("c")),
            Transcript.of("d").add("a", ascii("b")).add("", ascii("c")),
            Transcript.of("d").add("a", ascii("b")).add("c", ascii("")),
            Transcript.of("d").add("a", ascii("")).add("", ascii("bc")),
            Transcript.of("da").add("", ascii("bc")),
            Transcript.of("d").addAll("a", List.of(ascii("bc"))),
            Transcript.of("d").addAll("a", List.of(ascii("b"), ascii("c"))),
            Transcript.of("d").addAll("a", List.of(ascii("b"))).addAll("a", List.of(ascii("c"))),
            Transcript.of("d"));
    all.forEach(one -> digests.add(hex(one.digest())));
    assertThat(digests).hasSize(all.size());
  }

  @Test
  void isWrittenAsItSays() throws Exception {
    byte[] expected =
        MessageDigest.getInstance("SHA-256")
            .digest(
                HexFormat.of()
                    .parseHex(
                        "00000011"
                            + hex(ascii("countersign-mpc-1"))
                            + "00000006"
                            + hex(ascii("domain"))
                            + "00000005"
                            + hex(ascii("label"))
                            + "00000002ffee"
                            + "00000001"
                            + hex(ascii("n"))
                            + "000000080000000000000102"));
    assertThat(
            Transcript.of("domain")
                .add("label", new byte[] {(byte) 0xff, (byte) 0xee})
                .add("n", 0x102)
                .digest())
        .isEqualTo(expected);
  }

  @Test
  void aCopyGoesItsOwnWay() {
    Transcript common = Transcript.of("d").add("a", 1);
    Transcript copy = common.copy();
    common.add("b", 2);
    assertThat(copy.add("b", 2).digest()).isEqualTo(common.digest());
    assertThat(Transcript.of("d").add("a", 1).expand(100)).hasSize(100);
    assertThat(Transcript.of("d").add("a", 1).secp256k1Scalar())
        .isNotEqualTo(Transcript.of("d").add("a", 2).secp256k1Scalar());
  }

  private static SessionId session(
      String protocol, int version, int key, long epoch, int parties, int threshold, int fill) {
    byte[] nonce = new byte[32];
    byte[] keygen = new byte[32];
    nonce[0] = (byte) fill;
    keygen[0] = (byte) (fill >> 8);
    return SessionId.of(
        protocol,
        version,
        new byte[] {(byte) key},
        epoch,
        Party.first(parties),
        threshold,
        nonce,
        keygen);
  }

  @Test
  void everyPartOfASessionMakesItAnother() {
    SessionId session = session("p", 1, 1, 1, 3, 2, 1);
    List<SessionId> others =
        List.of(
            session("q", 1, 1, 1, 3, 2, 1),
            session("p", 2, 1, 1, 3, 2, 1),
            session("p", 1, 2, 1, 3, 2, 1),
            session("p", 1, 1, 2, 3, 2, 1),
            session("p", 1, 1, 1, 4, 2, 1),
            session("p", 1, 1, 1, 3, 3, 1),
            session("p", 1, 1, 1, 3, 2, 2),
            session("p", 1, 1, 1, 3, 2, 257),
            session.within("a", new byte[0]),
            session.within("b", new byte[0]),
            session.within("a", new byte[1]));
    Set<SessionId> all = new HashSet<>(others);
    all.add(session);
    assertThat(all).hasSize(others.size() + 1);
    assertThat(session("p", 1, 1, 1, 3, 2, 1)).isEqualTo(session).hasSameHashCodeAs(session);
    assertThat(SessionId.ofBytes(session.bytes())).isEqualTo(session);
  }

  @Test
  void aPairHasTwoDirections() {
    SessionId session = session("p", 1, 1, 1, 3, 2, 1);
    List<byte[]> all = new ArrayList<>();
    for (Party from : Party.first(3)) {
      for (Party to : Party.first(3)) {
        if (!from.equals(to)) {
          all.add(session.pair(from, to).bytes());
          assertThat(session.pair(from, to).reversed()).isEqualTo(session.pair(to, from));
        }
      }
    }
    all.add(session("p", 1, 1, 1, 3, 2, 2).pair(new Party(1), new Party(2)).bytes());
    assertThat(all.stream().map(Arrays::hashCode).distinct()).hasSize(7);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> session.pair(new Party(1), new Party(1)))
        .withMessageContaining("party 1 twice");
  }

  @Test
  void aSessionThatCannotBeIsRefused() {
    byte[] id = new byte[32];
    List<Party> two = Party.first(2);
    List<Party> twice = List.of(new Party(1), new Party(1));
    refused(new byte[0], 0, two, 2, id);
    refused(new byte[65], 0, two, 2, id);
    refused(id, -1, two, 2, id);
    refused(id, 0, two, 1, id);
    refused(id, 0, twice, 2, id);
    refused(id, 0, two.reversed(), 2, id);
    refused(id, 0, Party.first(1), 2, id);
    refused(id, 0, two, 2, new byte[31]);
  }

  private static void refused(
      byte[] keyId, long epoch, List<Party> parties, int threshold, byte[] nonce) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> SessionId.of("p", 1, keyId, epoch, parties, threshold, nonce, new byte[32]))
        .withMessageContaining("expected");
  }
}
