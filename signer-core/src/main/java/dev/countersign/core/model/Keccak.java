package dev.countersign.core.model;

import org.bouncycastle.crypto.digests.KeccakDigest;

/// Keccak-256 as Ethereum uses it: the padding from before FIPS 202.
public final class Keccak {
  private Keccak() {}

  public static Digest32 hash(byte[] input) {
    KeccakDigest keccak = new KeccakDigest(256);
    keccak.update(input, 0, input.length);
    byte[] digest = new byte[Digest32.SIZE];
    keccak.doFinal(digest, 0);
    return Digest32.of(digest);
  }
}
