package dev.countersign.mpc.key;

import dev.countersign.mpc.group.Ed25519Group;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Secp256k1Group;

/// The numbers of groups in stored bytes.
final class GroupCode {
  private static final int SECP256K1 = 1;
  private static final int ED25519 = 2;

  private GroupCode() {}

  static int of(Group<?> group) {
    if (group == Secp256k1Group.INSTANCE) {
      return SECP256K1;
    }
    if (group == Ed25519Group.INSTANCE) {
      return ED25519;
    }
    throw new IllegalArgumentException("no number for the group " + group.scalars());
  }
}
