package dev.countersign.mpc.ot;

import dev.countersign.mpc.group.HashToCurve;
import dev.countersign.mpc.group.MalformedElementException;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.transcript.PairId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The receiver of 128 base OTs with one peer, who ends with one pad of each: that of its choice
/// bit. The bits are drawn for this peer alone. Its maker closes it.
public final class BaseOtReceiver implements AutoCloseable {
  private static final String RANDOM_TAG =
      "countersign-mpc-1 random point secp256k1_XMD:SHA-256_SSWU_RO_";
  private static final int RANDOM_BYTES = 32;

  private final PairId direction;
  private final byte[] bits;
  private final List<Scalar> secrets;
  private final BaseOtChoices message;

  private BaseOtReceiver(
      PairId direction, byte[] bits, List<Scalar> secrets, List<Secp256k1Point> points) {
    this.direction = direction;
    this.bits = bits;
    this.secrets = secrets;
    this.message = new BaseOtChoices(points);
  }

  /// @param direction from the sender to this receiver
  public static BaseOtReceiver draw(PairId direction, SecureRandom random) {
    byte[] bits = new byte[BaseOt.COUNT];
    random.nextBytes(bits);
    List<Scalar> secrets = new ArrayList<>();
    List<Secp256k1Point> points = new ArrayList<>();
    for (int index = 0; index < BaseOt.COUNT; index++) {
      bits[index] &= 1;
      Scalar secret = ScalarField.SECP256K1.random(random);
      byte[] seed = new byte[RANDOM_BYTES];
      random.nextBytes(seed);
      byte[] other = HashToCurve.secp256k1(seed, RANDOM_TAG).encode();
      byte[] own =
          Secp256k1Group.INSTANCE
              .generate(secret)
              .plus(BaseOt.blind(direction, index, bits[index], other).negated())
              .encode();
      // In the order of the bits, of which nothing else is to be seen.
      swap(own, other, bits[index]);
      points.add(decoded(own));
      points.add(decoded(other));
      secrets.add(secret);
    }
    return new BaseOtReceiver(direction, bits, secrets, points);
  }

  private static void swap(byte[] a, byte[] b, int bit) {
    int mask = -bit;
    for (int i = 0; i < a.length; i++) {
      int difference = (a[i] ^ b[i]) & mask;
      a[i] ^= (byte) difference;
      b[i] ^= (byte) difference;
    }
  }

  private static Secp256k1Point decoded(byte[] point) {
    try {
      return Secp256k1Group.INSTANCE.decode(point);
    } catch (MalformedElementException e) {
      throw new IllegalStateException("a point of our own that is none", e);
    }
  }

  /// What the sender gets. It does not depend on what the sender sends.
  public BaseOtChoices message() {
    return message;
  }

  /// The choice bits, one a byte: not a copy.
  byte[] bits() {
    return bits;
  }

  /// The pads by index, 32 bytes each, which the caller wipes.
  byte[][] pads(Secp256k1Point sender) {
    byte[] key = sender.encode();
    byte[][] pads = new byte[BaseOt.COUNT][];
    for (int index = 0; index < BaseOt.COUNT; index++) {
      pads[index] =
          BaseOt.padInput(
                  direction,
                  index,
                  key,
                  message.point(index, 0).encode(),
                  message.point(index, 1).encode())
              .add("bit", bits[index])
              .add("shared", sender.times(secrets.get(index)))
              .digest();
    }
    return pads;
  }

  @Override
  public void close() {
    Arrays.fill(bits, (byte) 0);
    secrets.forEach(Scalar::wipe);
  }
}
