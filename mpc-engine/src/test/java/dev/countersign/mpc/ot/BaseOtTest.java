package dev.countersign.mpc.ot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Aborts;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.transcript.PairId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BaseOtTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final PairId direction = Pair.direction();
  private final BaseOtSender sender = BaseOtSender.draw(direction, RANDOM);
  private final BaseOtReceiver receiver = BaseOtReceiver.draw(direction, RANDOM);

  private int agreed(byte[][][] both, byte[][] one, int flip) {
    int agreed = 0;
    for (int i = 0; i < BaseOt.COUNT; i++) {
      agreed += Arrays.equals(both[i][receiver.bits()[i] ^ flip], one[i]) ? 1 : 0;
    }
    return agreed;
  }

  @Test
  void theReceiverGetsThePadOfItsBitAndOfNoOther() throws Exception {
    byte[][][] both = sender.pads(receiver.message());
    byte[][] one = receiver.pads(sender.message());
    assertThat(agreed(both, one, 0)).isEqualTo(BaseOt.COUNT);
    assertThat(agreed(both, one, 1)).isZero();
    Set<ByteBuffer> all = new HashSet<>();
    for (byte[][] pads : both) {
      all.add(ByteBuffer.wrap(pads[0]));
      all.add(ByteBuffer.wrap(pads[1]));
    }
    assertThat(all).as("no two pads are the same").hasSize(2 * BaseOt.COUNT);
  }

  /// The index is in every hash: the same points at another index make another pad.
  @Test
  void theSamePointsAtAnotherIndexMakeOtherPads() throws Exception {
    List<Secp256k1Point> points = new ArrayList<>(receiver.message().points());
    points.set(2, points.get(0));
    points.set(3, points.get(1));
    byte[][][] both = sender.pads(new BaseOtChoices(points));
    assertThat(both[1][0]).isNotEqualTo(both[0][0]);
    assertThat(both[1][1]).isNotEqualTo(both[0][1]);
  }

  @Test
  void pointsOfAnotherSessionOrTheOtherDirectionMakeOtherPads() throws Exception {
    byte[][] own = receiver.pads(sender.message());
    for (PairId other : List.of(direction.reversed(), Pair.direction())) {
      try (BaseOtReceiver replayed = BaseOtReceiver.draw(other, RANDOM)) {
        assertThat(agreed(sender.pads(replayed.message()), replayed.pads(sender.message()), 0))
            .isZero();
      }
    }
    assertThat(agreed(sender.pads(receiver.message()), own, 0)).isEqualTo(BaseOt.COUNT);
  }

  @Test
  void aPointThatOpensToTheIdentityIsRefused() {
    List<Secp256k1Point> points = new ArrayList<>(receiver.message().points());
    points.set(0, BaseOt.blind(direction, 0, 0, points.get(1).encode()).negated());
    Aborts.withoutBan(
        Reason.MALFORMED, Optional.of(new Party(2)), () -> sender.pads(new BaseOtChoices(points)));
  }

  @Test
  void choiceBitsAreDrawnForEachPeerAnew() {
    try (BaseOtReceiver other = BaseOtReceiver.draw(direction, RANDOM)) {
      assertThat(other.bits()).isNotEqualTo(receiver.bits());
      int ones = 0;
      for (byte bit : other.bits()) {
        ones += bit;
      }
      assertThat(ones).isBetween(20, 108);
    }
  }

  @Test
  void treesAgreeInAllLeavesButTheHiddenOne() throws Exception {
    Pair pair = Pair.of(direction);
    int differ = 0;
    for (int tree = 0; tree < SeedTrees.TREES; tree++) {
      int hidden = (int) (pair.sender().delta()[tree >>> 5] >>> (2 * (tree & 31))) & 3;
      byte[] leaves = pair.receiver().bytes();
      for (int turn = 1; turn < SeedTrees.LEAVES; turn++) {
        int known = (tree * 3 + turn - 1) * SeedTrees.SEED_BYTES;
        int place = (tree * 4 + (hidden ^ turn)) * SeedTrees.SEED_BYTES;
        assertThat(Arrays.copyOfRange(pair.sender().leaves(), known, known + 16))
            .isEqualTo(Arrays.copyOfRange(leaves, place, place + 16));
      }
      byte[] unknown =
          Arrays.copyOfRange(leaves, (tree * 4 + hidden) * 16, (tree * 4 + hidden) * 16 + 16);
      for (int at = 0; at < pair.sender().leaves().length; at += 16) {
        differ +=
            Arrays.equals(unknown, Arrays.copyOfRange(pair.sender().leaves(), at, at + 16)) ? 0 : 1;
      }
    }
    assertThat(differ).isEqualTo(SeedTrees.TREES * SeedTrees.TREES * 3);
  }

  @Test
  void seedsAreReadAsTheyAreWritten() throws Exception {
    Pair pair = Pair.of(direction);
    assertThat(ReceiverSeeds.ofBytes(pair.receiver().bytes()).bytes())
        .isEqualTo(pair.receiver().bytes());
    assertThat(SenderSeeds.ofBytes(pair.sender().bytes()).bytes()).isEqualTo(pair.sender().bytes());
  }

  /// Leaves of zeros would be what everybody knows.
  @Test
  void closedSeedsGiveNothing() {
    Pair pair = Pair.of(direction);
    pair.receiver().close();
    pair.sender().close();
    Optional<Party> nobody = Optional.empty();
    Aborts.withoutBan(Reason.REUSE, nobody, pair.receiver()::bytes);
    Aborts.withoutBan(Reason.REUSE, nobody, pair.sender()::bytes);
    Aborts.withoutBan(Reason.REUSE, nobody, pair.sender()::leaves);
    Aborts.withoutBan(Reason.REUSE, nobody, pair.sender()::delta);
    Aborts.withoutBan(
        Reason.REUSE,
        nobody,
        () -> ExtensionReceiver.extend(direction, pair.receiver(), new long[8], RANDOM));
    Aborts.withoutBan(
        Reason.REUSE,
        nobody,
        () ->
            ExtensionSender.extend(
                direction, pair.sender(), new ExtensionMessage(new byte[ExtensionMessage.BYTES])));
  }

  /// Whatever is altered of a tree, the check finds it unless the alteration is of what the
  /// receiver does not open.
  @Test
  void alteredTreesBanTheirSender() throws Exception {
    SeedTrees.Grown grown = SeedTrees.grow(direction, sender, receiver.message());
    SeedTreeMessage right = grown.message();
    for (int tree : new int[] {0, 1, 33, 63}) {
      byte[] corrections = right.corrections();
      int turn = receiver.bits()[2 * tree + 1];
      corrections[tree * SeedTreeMessage.TREE_BYTES + 32 * turn] ^= 1;
      refused(new SeedTreeMessage(corrections, right.check()));
      byte[] sums = right.corrections();
      sums[tree * SeedTreeMessage.TREE_BYTES + 64] ^= 1;
      refused(new SeedTreeMessage(sums, right.check()));
    }
    byte[] check = right.check();
    check[31] ^= 1;
    refused(new SeedTreeMessage(right.corrections(), check));
  }

  private void refused(SeedTreeMessage message) {
    Aborts.banning(
        Reason.BAD_PROOF,
        new Party(1),
        () -> SeedTrees.puncture(direction, receiver, sender.message(), message));
  }
}
