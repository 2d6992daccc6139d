package dev.countersign.mpc.ot;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// Short secrets made longer by AES, whose key is not secret but is another one in every session:
/// a hash of session, pair and nonces. Of a block x and a tweak t comes `π(π(x) ⊕ t) ⊕ π(x)`, TMMO
/// of Guo, Katz, Wang and Yu (eprint 2019/074, section 7.4). The tweak has the place of x and the
/// number of the block, and goes in between the two permutations, so that whoever tries a value
/// tries it for one place alone.
final class BlockHash {
  static final int KEY_BYTES = 32;
  private static final int BLOCK_BYTES = 16;

  /// Of a tweak: more blocks of one place there are not.
  private static final int BLOCK_BITS = 8;

  private final Cipher permutation;

  /// @param key 32 bytes that a transcript has made for this use in this session
  BlockHash(byte[] key) {
    try {
      permutation = Cipher.getInstance("AES/ECB/NoPadding");
      permutation.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, 0, KEY_BYTES, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @param inputs blocks of two words
  /// @param places one of each input, no two the same; they may be secret
  /// @param blocks how many come of each input
  /// @return for each input in turn its blocks of two words, which the caller wipes
  long[] expand(long[] inputs, int[] places, int blocks) {
    int count = inputs.length / 2;
    byte[] plain = new byte[count * BLOCK_BYTES];
    byte[] hidden = new byte[plain.length];
    Bits.store(plain, 0, inputs, 0, inputs.length);
    permute(plain, hidden);
    long[] first = new long[inputs.length];
    Bits.load(first, 0, hidden, 0, first.length);
    long[] words = new long[blocks * inputs.length];
    for (int i = 0; i < count; i++) {
      long tweak = (long) places[i] << BLOCK_BITS;
      for (int block = 0; block < blocks; block++) {
        int at = 2 * (i * blocks + block);
        words[at] = first[2 * i] ^ (tweak | block);
        words[at + 1] = first[2 * i + 1];
      }
    }
    byte[] outer = new byte[blocks * plain.length];
    byte[] made = new byte[outer.length];
    Bits.store(outer, 0, words, 0, words.length);
    permute(outer, made);
    Bits.load(words, 0, made, 0, words.length);
    for (int i = 0; i < count; i++) {
      for (int at = 2 * i * blocks; at < 2 * (i + 1) * blocks; at += 2) {
        words[at] ^= first[2 * i];
        words[at + 1] ^= first[2 * i + 1];
      }
    }
    Arrays.fill(first, 0);
    for (byte[] room : new byte[][] {plain, hidden, outer, made}) {
      Arrays.fill(room, (byte) 0);
    }
    return words;
  }

  private void permute(byte[] in, byte[] out) {
    try {
      permutation.update(in, 0, in.length, out, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
