package dev.countersign.mpc.ot;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.Transcript;
import java.security.MessageDigest;
import java.util.Arrays;

/// Makes 64 OTs of three out of four of 128 base OTs of one out of two: trees of two levels after
/// Goldreich, Goldwasser and Micali, of which the sender of the extension knows all leaves but one,
/// as in Roy, SoftSpokenOT (eprint 2022/192), with k = 2. The check that the leaves of both sides
/// are the same is that paper's too.
///
/// The sender of the base OTs grows the trees; it will be the receiver of the extension. In tree g
/// the base OT 2g chooses at the upper level, 2g + 1 at the lower one. Leaf y has its upper turn in
/// bit 1 and its lower turn in bit 0; the leaf that stays unknown is at the opposite of the
/// choices.
public final class SeedTrees {
  static final int TREES = 64;
  static final int LEAVES = 4;
  static final int SEED_BYTES = 16;
  private static final int NODE_BYTES = 32;

  private SeedTrees() {}

  /// The trees of the side that knows them whole, and what the other side needs.
  public record Grown(ReceiverSeeds seeds, SeedTreeMessage message) {}

  private static byte[] node(PairId direction, int tree, long upper, int lower, byte[] parent) {
    return Transcript.of("seed tree node")
        .add("pair", direction)
        .add("tree", tree)
        .add("upper", upper)
        .add("lower", lower)
        .add("parent", parent)
        .digest();
  }

  /// The seed of a leaf, 16 bytes, and 32 bytes for the check.
  private static byte[] leaf(PairId direction, int tree, long place, byte[] node) {
    return Transcript.of("seed tree leaf")
        .add("pair", direction)
        .add("tree", tree)
        .add("leaf", place)
        .add("node", node)
        .expand(SEED_BYTES + NODE_BYTES);
  }

  private static void add(byte[] to, int at, byte[] from, int start) {
    for (int i = 0; i < NODE_BYTES; i++) {
      to[at + i] ^= from[start + i];
    }
  }

  /// `one` where the bit is set, else `zero`.
  private static byte[] selected(byte[] zero, byte[] one, int bit) {
    byte[] selected = new byte[zero.length];
    int mask = -bit;
    for (int i = 0; i < zero.length; i++) {
      selected[i] = (byte) (zero[i] ^ ((zero[i] ^ one[i]) & mask));
    }
    return selected;
  }

  private static void wipe(byte[]... arrays) {
    for (byte[] array : arrays) {
      Arrays.fill(array, (byte) 0);
    }
  }

  /// @param sender who has sent its key to the receiver
  /// @param choices what the receiver has sent
  /// @throws ProtocolAbortException for points that no honest receiver sends
  public static Grown grow(PairId direction, BaseOtSender sender, BaseOtChoices choices)
      throws ProtocolAbortException {
    byte[][][] pads = sender.pads(choices);
    byte[] seeds = new byte[ReceiverSeeds.BYTES];
    byte[] corrections = new byte[SeedTreeMessage.CORRECTION_BYTES];
    Transcript check = Transcript.of("seed tree check").add("pair", direction);
    for (int tree = 0; tree < TREES; tree++) {
      int at = tree * SeedTreeMessage.TREE_BYTES;
      for (int lower = 0; lower < 2; lower++) {
        add(corrections, at + lower * NODE_BYTES, pads[2 * tree + 1][lower], 0);
      }
      for (int place = 0; place < LEAVES; place++) {
        byte[] node = node(direction, tree, place >> 1, place & 1, pads[2 * tree][place >> 1]);
        byte[] leaf = leaf(direction, tree, place, node);
        add(corrections, at + (place & 1) * NODE_BYTES, node, 0);
        add(corrections, at + 2 * NODE_BYTES, leaf, SEED_BYTES);
        check.add("leaf", Arrays.copyOfRange(leaf, SEED_BYTES, leaf.length));
        System.arraycopy(leaf, 0, seeds, (tree * LEAVES + place) * SEED_BYTES, SEED_BYTES);
        wipe(node, leaf);
      }
      wipe(pads[2 * tree]);
      wipe(pads[2 * tree + 1]);
    }
    return new Grown(new ReceiverSeeds(seeds), new SeedTreeMessage(corrections, check.digest()));
  }

  /// @param receiver who has chosen
  /// @param key what the sender of the base OTs has sent
  /// @throws ProtocolAbortException which bans the other side where its leaves are not one tree's
  public static SenderSeeds puncture(
      PairId direction, BaseOtReceiver receiver, Secp256k1Point key, SeedTreeMessage message)
      throws ProtocolAbortException {
    byte[][] pads = receiver.pads(key);
    byte[] bits = receiver.bits();
    long[] delta = new long[2];
    byte[] seeds = new byte[TREES * SenderSeeds.KNOWN * SEED_BYTES];
    Transcript check = Transcript.of("seed tree check").add("pair", direction);
    for (int tree = 0; tree < TREES; tree++) {
      int upper = bits[2 * tree];
      int lower = bits[2 * tree + 1];
      int hidden = ((upper ^ 1) << 1) | (lower ^ 1);
      delta[tree >>> 5] |= (long) hidden << (2 * (tree & 31));
      byte[][] nodes = known(direction, tree, upper, lower, pads, message);
      byte[][] checks = new byte[LEAVES][];
      checks[0] = message.leafSum(tree);
      for (int turn = 1; turn < LEAVES; turn++) {
        byte[] leaf = leaf(direction, tree, hidden ^ turn, nodes[turn - 1]);
        checks[turn] = Arrays.copyOfRange(leaf, SEED_BYTES, leaf.length);
        add(checks[0], 0, leaf, SEED_BYTES);
        System.arraycopy(
            leaf, 0, seeds, (tree * SenderSeeds.KNOWN + turn - 1) * SEED_BYTES, SEED_BYTES);
        wipe(leaf, nodes[turn - 1]);
      }
      // From the order of the turns to that of the leaves.
      for (int place = 0; place < LEAVES; place++) {
        byte[] low = selected(checks[place], checks[place ^ 1], hidden & 1);
        byte[] high = selected(checks[place ^ 2], checks[place ^ 3], hidden & 1);
        check.add("leaf", selected(low, high, hidden >> 1));
        wipe(low, high);
      }
      wipe(checks);
      wipe(pads[2 * tree], pads[2 * tree + 1]);
    }
    SenderSeeds made = new SenderSeeds(delta, seeds);
    if (!MessageDigest.isEqual(check.digest(), message.check())) {
      made.close();
      throw ProtocolAbortException.banning(
          Reason.BAD_PROOF, direction.from(), "its seed trees are not what its base OTs make");
    }
    return made;
  }

  /// The nodes at the places Δ ⊕ 1, Δ ⊕ 2 and Δ ⊕ 3.
  private static byte[][] known(
      PairId direction, int tree, int upper, int lower, byte[][] pads, SeedTreeMessage message) {
    byte[] zero = node(direction, tree, upper, 0, pads[2 * tree]);
    byte[] one = node(direction, tree, upper, 1, pads[2 * tree]);
    // Under the chosen upper node both are known; under the other the chosen lower one, from the
    // sum.
    byte[] hiddenTurn = selected(one, zero, lower);
    byte[] chosenTurn = selected(zero, one, lower);
    byte[] across = selected(message.correction(tree, 0), message.correction(tree, 1), lower);
    add(across, 0, pads[2 * tree + 1], 0);
    add(across, 0, chosenTurn, 0);
    wipe(zero, one);
    return new byte[][] {across, hiddenTurn, chosenTurn};
  }
}
