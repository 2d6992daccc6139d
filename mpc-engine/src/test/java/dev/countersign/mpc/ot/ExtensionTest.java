package dev.countersign.mpc.ot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Aborts;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarVector;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.SessionId;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtensionTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final PairId BASE = Pair.direction();
  private static final Pair PAIR = Pair.of(BASE);
  private static final byte[] NONCE = new byte[32];

  private final PairId direction = Pair.direction();
  private final long[] choices = RANDOM.longs(8).toArray();
  private final ExtensionReceiver receiver;

  ExtensionTest() throws ProtocolAbortException {
    receiver = ExtensionReceiver.extend(direction, PAIR.receiver(), choices, RANDOM);
  }

  private static int bit(long[] words, int index) {
    return (int) (words[index >>> 6] >>> (index & 63)) & 1;
  }

  private ExtensionSender sender(byte[] message) throws Exception {
    return ExtensionSender.extend(direction, PAIR.sender(), new ExtensionMessage(message));
  }

  @Test
  void theReceiverGetsThePadOfItsChoiceAndOfNoOther() throws Exception {
    List<ScalarVector> chosen = receiver.pads(NONCE, 3);
    ExtensionSender.Pads both = sender(receiver.message().bytes()).pads(NONCE, 3);
    Set<String> distinct = new HashSet<>();
    for (int row = 0; row < 512; row++) {
      for (int column = 0; column < 3; column++) {
        Scalar zero = both.zero().get(column).get(row);
        Scalar one = both.one().get(column).get(row);
        boolean choice = bit(choices, row) == 1;
        assertThat(chosen.get(column).get(row)).isEqualTo(choice ? one : zero);
        distinct.add(HexFormat.of().formatHex(zero.encode()));
        distinct.add(HexFormat.of().formatHex(one.encode()));
      }
    }
    assertThat(distinct).as("row and column are in every hash").hasSize(2 * 512 * 3);
  }

  @Test
  void manySessionsFromOneSetupHaveNothingInCommon() throws Exception {
    ExtensionReceiver again = ExtensionReceiver.extend(direction, PAIR.receiver(), choices, RANDOM);
    assertThat(again.message().corrections()).isNotEqualTo(receiver.message().corrections());
    ExtensionReceiver other =
        ExtensionReceiver.extend(Pair.direction(), PAIR.receiver(), choices, RANDOM);
    assertThat(other.message().corrections()).isNotEqualTo(receiver.message().corrections());
    assertThat(again.pads(NONCE, 1).getFirst().get(0))
        .isNotEqualTo(receiver.pads(NONCE, 1).getFirst().get(0));
    byte[] nonce = NONCE.clone();
    nonce[0] = 1;
    assertThat(receiver.pads(nonce, 1).getFirst().get(0))
        .as("the sender's nonce makes other pads of the same rows")
        .isNotEqualTo(receiver.pads(NONCE, 1).getFirst().get(0));
  }

  @ParameterizedTest
  @CsvSource({
    "NONCE, 0",
    "u, 32",
    "u, 2000",
    "u, 5151",
    "x, 5152",
    "x, 5167",
    "t, 5168",
    "t, 7215"
  })
  void aFlippedBitBansItsSender(String field, int at) {
    byte[] message = receiver.message().bytes();
    message[at] ^= 4;
    Aborts.banning(Reason.BAD_PROOF, new Party(1), () -> sender(message));
  }

  /// Selective failure: the challenge is over all corrections, so that it fails whatever Δ is.
  @Test
  void anAlteredCorrectionOfAnyTreeBansWhateverDeltaIs() {
    for (int tree = 0; tree < 64; tree++) {
      byte[] message = receiver.message().bytes();
      message[32 + tree * 80] ^= 1;
      Aborts.banning(Reason.BAD_PROOF, new Party(1), () -> sender(message));
    }
  }

  @Test
  void aMessageOfAnotherSessionOrDirectionIsNotConsistent() {
    SessionId session = direction.session();
    List<PairId> others =
        List.of(
            Pair.direction(),
            direction.reversed(),
            session.pair(new Party(1), new Party(3)),
            session.within("x", new byte[0]).pair(new Party(1), new Party(2)));
    for (PairId other : others) {
      Aborts.banning(
          Reason.BAD_PROOF,
          other.from(),
          () -> ExtensionSender.extend(other, PAIR.sender(), receiver.message()));
    }
  }

  @Test
  void aMessageForAnotherPeerIsNotConsistent() {
    Pair other = Pair.of(BASE);
    Aborts.banning(
        Reason.BAD_PROOF,
        new Party(1),
        () -> ExtensionSender.extend(direction, other.sender(), receiver.message()));
  }

  @Test
  void transposingExchangesRowsAndColumns() {
    long[] square = RANDOM.longs(64).toArray();
    long[] transposed = square.clone();
    Bits.transpose(transposed);
    for (int i = 0; i < 64; i++) {
      for (int j = 0; j < 64; j++) {
        assertThat(transposed[j] >>> i & 1).isEqualTo(square[i] >>> j & 1);
      }
    }
  }

  /// Against the field of polynomials written out.
  @Test
  void theCheckIsLinearInTheFieldOf2To128() {
    long[] challenges = RANDOM.longs(8).toArray();
    long[] rows = RANDOM.longs(640 * 2).toArray();
    long[] combined = Extension.combined(rows, 2, challenges);
    for (int column : new int[] {0, 1, 63, 64, 127}) {
      BigInteger expected = element(rows, 4, column);
      for (int block = 0; block < 4; block++) {
        BigInteger challenge = BigInteger.ZERO;
        for (int i = 0; i < 128; i++) {
          if (challenges[2 * block + (i >>> 6)] << (63 - (i & 63)) < 0) {
            challenge = challenge.setBit(i);
          }
        }
        expected = expected.xor(product(challenge, element(rows, block, column)));
      }
      assertThat(element(combined, 0, column)).isEqualTo(expected);
    }
  }

  private static BigInteger element(long[] rows, int block, int column) {
    BigInteger element = BigInteger.ZERO;
    for (int i = 0; i < 128; i++) {
      if ((rows[(block * 128 + i) * 2 + (column >>> 6)] >>> (column & 63) & 1) == 1) {
        element = element.setBit(i);
      }
    }
    return element;
  }

  private static BigInteger product(BigInteger a, BigInteger b) {
    BigInteger modulus = BigInteger.ONE.shiftLeft(128).or(BigInteger.valueOf(0x87));
    BigInteger product = BigInteger.ZERO;
    for (int i = 127; i >= 0; i--) {
      product = product.shiftLeft(1);
      if (product.testBit(128)) {
        product = product.xor(modulus);
      }
      if (a.testBit(i)) {
        product = product.xor(b);
      }
    }
    return product;
  }
}
