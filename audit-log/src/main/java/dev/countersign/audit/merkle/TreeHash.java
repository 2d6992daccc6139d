package dev.countersign.audit.merkle;

import dev.countersign.core.model.Digest32;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/// How leaves and nodes are hashed (RFC 6962, section 2.1): with a prefix byte of their own, so
/// that no node can be passed off as a leaf.
public final class TreeHash {
  /// The root of the tree without leaves: the SHA-256 of nothing.
  public static final Digest32 EMPTY_ROOT = Digest32.of(sha256().digest());

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private TreeHash() {}

  public static Digest32 leaf(byte[] entry) {
    MessageDigest sha256 = sha256();
    sha256.update(LEAF);
    return Digest32.of(sha256.digest(entry));
  }

  public static Digest32 node(Digest32 left, Digest32 right) {
    MessageDigest sha256 = sha256();
    sha256.update(NODE);
    sha256.update(left.bytes().toArray());
    return Digest32.of(sha256.digest(right.bytes().toArray()));
  }

  /// The root over neighbouring perfect subtrees, the largest first, as they make up any range that
  /// the tree's own shape cuts out.
  ///
  /// @param subtrees one at least
  public static Digest32 fold(List<Digest32> subtrees) {
    Digest32 root = subtrees.getLast();
    for (int i = subtrees.size() - 2; i >= 0; i--) {
      root = node(subtrees.get(i), root);
    }
    return root;
  }

  /// The root of a perfect subtree from one whole row of its nodes.
  ///
  /// @param hashes hashes of [Digest32#SIZE] bytes each, one after the other
  /// @param from the first hash of the row
  /// @param count how many hashes the row has; a power of two
  public static Digest32 perfectRoot(byte[] hashes, int from, int count) {
    if (Integer.bitCount(count) != 1) {
      throw new IllegalArgumentException("a row has a power of two of hashes, not " + count);
    }
    MessageDigest sha256 = sha256();
    byte[] row = new byte[count * Digest32.SIZE];
    System.arraycopy(hashes, from * Digest32.SIZE, row, 0, row.length);
    for (int width = count; width > 1; width /= 2) {
      for (int i = 0; i < width; i += 2) {
        sha256.update(NODE);
        sha256.update(row, i * Digest32.SIZE, 2 * Digest32.SIZE);
        System.arraycopy(sha256.digest(), 0, row, i / 2 * Digest32.SIZE, Digest32.SIZE);
      }
    }
    return Digest32.of(Arrays.copyOf(row, Digest32.SIZE));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
