package dev.countersign.mpc.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.channel.Received.Cause;
import dev.countersign.mpc.channel.Received.Ignored;
import dev.countersign.mpc.channel.Received.Message;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.transcript.SessionId;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Party ONE = new Party(1);
  private static final Party TWO = new Party(2);
  private static final Party THREE = new Party(3);
  private static final Identity FIRST = Identity.generate(RANDOM);
  private static final Identity SECOND = Identity.generate(RANDOM);
  private static final byte[] NONCE = new byte[32];
  private static final byte[] PAYLOAD = {1, 2, 3};

  private static SessionId session(int key, long epoch, byte[] nonce) {
    return SessionId.of(
        "test", 1, new byte[] {(byte) key}, epoch, Party.first(3), 2, nonce, new byte[32]);
  }

  private static final SessionId SESSION = session(1, 0, NONCE);

  /// Both ends of a channel.
  private record Ends(Channel first, Channel second) {
    static Ends of(SessionId session) throws ProtocolAbortException {
      ChannelHandshake one = begin(session, ONE, FIRST, TWO, SECOND);
      ChannelHandshake two = begin(session, TWO, SECOND, ONE, FIRST);
      return new Ends(one.accept(two.offer()).orElseThrow(), two.accept(one.offer()).orElseThrow());
    }
  }

  private static ChannelHandshake begin(
      SessionId session, Party self, Identity identity, Party peer, Identity other) {
    return ChannelHandshake.begin(session, self, identity, peer, other.known(), RANDOM);
  }

  private static void isIgnored(Cause cause, Received received) {
    assertThat(received).isEqualTo(new Ignored(cause));
  }

  @Test
  void messagesArriveInBothDirections() throws Exception {
    Ends ends = Ends.of(SESSION);
    assertThat(ends.second().open(ends.first().seal(PAYLOAD))).isEqualTo(new Message(0, PAYLOAD));
    assertThat(ends.second().open(ends.first().seal(new byte[0])))
        .isEqualTo(new Message(1, new byte[0]));
    assertThat(ends.first().open(ends.second().seal(PAYLOAD))).isEqualTo(new Message(0, PAYLOAD));
  }

  @Test
  void theOrderOfArrivalIsFree() throws Exception {
    Ends ends = Ends.of(SESSION);
    byte[] early = ends.first().seal(PAYLOAD);
    byte[] late = ends.first().seal(PAYLOAD);
    assertThat(ends.second().open(late)).isEqualTo(new Message(1, PAYLOAD));
    assertThat(ends.second().open(early)).isEqualTo(new Message(0, PAYLOAD));
  }

  @Test
  void aReplayWithinTheSessionIsIgnored() throws Exception {
    Ends ends = Ends.of(SESSION);
    byte[] envelope = ends.first().seal(PAYLOAD);
    assertThat(ends.second().open(envelope)).isEqualTo(new Message(0, PAYLOAD));
    isIgnored(Cause.REPLAYED, ends.second().open(envelope));
    assertThat(ends.second().open(ends.first().seal(PAYLOAD))).isEqualTo(new Message(1, PAYLOAD));
  }

  @Test
  void aReplayAcrossSessionsKeysAndEpochsIsIgnored() throws Exception {
    byte[] nonce = NONCE.clone();
    nonce[0] = 1;
    byte[] envelope = Ends.of(SESSION).first().seal(PAYLOAD);
    for (SessionId other :
        List.of(session(1, 0, nonce), session(2, 0, NONCE), session(1, 1, NONCE))) {
      isIgnored(Cause.ELSEWHERE, Ends.of(other).second().open(envelope));
      byte[] renamed = envelope.clone();
      System.arraycopy(other.bytes(), 0, renamed, 2, SessionId.BYTES);
      isIgnored(Cause.UNAUTHENTICATED, Ends.of(other).second().open(renamed));
    }
  }

  /// A coordinator that starts the same session again gets other keys.
  @Test
  void aReplayFromAnEarlierChannelOfTheSameSessionIsIgnored() throws Exception {
    byte[] envelope = Ends.of(SESSION).first().seal(PAYLOAD);
    isIgnored(Cause.UNAUTHENTICATED, Ends.of(SESSION).second().open(envelope));
  }

  @Test
  void aReplayInTheOtherDirectionIsIgnored() throws Exception {
    Ends ends = Ends.of(SESSION);
    byte[] envelope = ends.first().seal(PAYLOAD);
    isIgnored(Cause.ELSEWHERE, ends.first().open(envelope));
    byte[] turned = envelope.clone();
    turned[2 + SessionId.BYTES] = 2;
    turned[3 + SessionId.BYTES] = 1;
    isIgnored(Cause.UNAUTHENTICATED, ends.first().open(turned));
  }

  @Test
  void aReplayToAnotherPeerIsIgnored() throws Exception {
    Identity third = Identity.generate(RANDOM);
    ChannelHandshake one = begin(SESSION, ONE, FIRST, THREE, third);
    ChannelHandshake three = begin(SESSION, THREE, third, ONE, FIRST);
    Channel other = three.accept(one.offer()).orElseThrow();
    byte[] envelope = Ends.of(SESSION).first().seal(PAYLOAD);
    isIgnored(Cause.ELSEWHERE, other.open(envelope));
    byte[] readdressed = envelope.clone();
    readdressed[3 + SessionId.BYTES] = 3;
    isIgnored(Cause.UNAUTHENTICATED, other.open(readdressed));
  }

  @Test
  void keysDifferPerDirection() throws Exception {
    Ends ends = Ends.of(SESSION);
    byte[] there = ends.first().seal(PAYLOAD);
    byte[] back = ends.second().seal(PAYLOAD);
    int header = there.length - PAYLOAD.length - 16;
    assertThat(Arrays.copyOfRange(there, header, there.length))
        .isNotEqualTo(Arrays.copyOfRange(back, header, back.length));
  }

  /// Whatever bit is changed, nothing happens, and the right message still counts.
  @Test
  void unauthenticatedMessagesAreIgnoredAndTheSessionGoesOn() throws Exception {
    Ends ends = Ends.of(SESSION);
    byte[] envelope = ends.first().seal(PAYLOAD);
    for (int bit = 0; bit < 8 * envelope.length; bit++) {
      byte[] changed = envelope.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(ends.second().open(changed)).isInstanceOf(Ignored.class);
    }
    for (int length = 0; length < envelope.length; length++) {
      assertThat(ends.second().open(Arrays.copyOf(envelope, length))).isInstanceOf(Ignored.class);
    }
    assertThat(ends.second().open(envelope)).isEqualTo(new Message(0, PAYLOAD));
  }

  @Test
  void anOfferOfSomebodyElseIsIgnoredAndTheHandshakeGoesOn() throws Exception {
    ChannelHandshake one = begin(SESSION, ONE, FIRST, TWO, SECOND);
    Identity stranger = Identity.generate(RANDOM);
    byte[] other = NONCE.clone();
    other[0] = 1;
    for (ChannelHandshake wrong :
        List.of(
            begin(SESSION, TWO, stranger, ONE, FIRST),
            begin(SESSION, THREE, SECOND, ONE, FIRST),
            begin(SESSION, TWO, SECOND, THREE, FIRST),
            begin(session(1, 0, other), TWO, SECOND, ONE, FIRST))) {
      assertThat(one.accept(wrong.offer())).isEmpty();
    }
    assertThat(one.accept(one.offer())).isEmpty();
    assertThat(one.accept(begin(SESSION, TWO, SECOND, ONE, FIRST).offer())).isPresent();
  }

  @Test
  void aHandshakeMakesOneChannel() throws Exception {
    ChannelHandshake one = begin(SESSION, ONE, FIRST, TWO, SECOND);
    ChannelOffer offer = begin(SESSION, TWO, SECOND, ONE, FIRST).offer();
    ChannelOffer another = begin(SESSION, TWO, SECOND, ONE, FIRST).offer();
    assertThat(one.accept(offer)).isPresent();
    assertThat(one.accept(ChannelOffer.decode(offer.encode()))).as("the same again").isEmpty();
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(() -> one.accept(another))
        .satisfies(abort -> assertThat(abort.reason()).isEqualTo(Reason.REUSE));
  }

  /// Points of order 1, 2 and 4 by RFC 7748: what is agreed on would be zero whatever the other
  /// side's key is.
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aSignedKeyOfSmallOrderEndsTheHandshakeAndNamesItsSigner(int low) {
    ChannelHandshake one = begin(SESSION, ONE, FIRST, TWO, SECOND);
    byte[] key = new byte[32];
    key[0] = (byte) low;
    ChannelOffer offer = ChannelOffer.of(SESSION.pair(TWO, ONE), key, SECOND);
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(() -> one.accept(offer))
        .satisfies(
            abort -> {
              assertThat(abort.reason()).isEqualTo(Reason.MALFORMED);
              assertThat(abort.culprit()).isEqualTo(Optional.of(TWO));
            });
  }

  @Test
  void offersTravelAsBytes() throws Exception {
    ChannelHandshake one = begin(SESSION, ONE, FIRST, TWO, SECOND);
    ChannelHandshake two = begin(SESSION, TWO, SECOND, ONE, FIRST);
    ChannelOffer read = ChannelOffer.decode(two.offer().encode());
    assertThat(read).isEqualTo(two.offer());
    assertThat(one.accept(read)).isPresent();
  }

  /// Form and version, session, sender, receiver, then the key, or the number of the message.
  @Test
  void goldenBytes() throws Exception {
    String session = HexFormat.of().formatHex(SESSION.bytes());
    byte[] key = new byte[32];
    key[0] = 9;
    byte[] offer = ChannelOffer.of(SESSION.pair(TWO, ONE), key, SECOND).encode();
    assertThat(HexFormat.of().formatHex(offer))
        .startsWith("0c01" + session + "02" + "01" + "09" + "00".repeat(31))
        .hasSize(2 * (2 + 32 + 2 + 32 + 64));
    Ends ends = Ends.of(SESSION);
    ends.second().seal(PAYLOAD);
    assertThat(HexFormat.of().formatHex(ends.second().seal(PAYLOAD)))
        .startsWith("0d01" + session + "02" + "01" + "0000000000000001")
        .hasSize(2 * (2 + 32 + 2 + 8 + PAYLOAD.length + 16));
  }

  @Test
  void aNumberIsNeverUsedTwice() throws Exception {
    Ends ends = Ends.of(SESSION);
    for (int i = 0; i < Channel.MOST_MESSAGES; i++) {
      ends.first().seal(PAYLOAD);
    }
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> ends.first().seal(PAYLOAD));
  }
}
