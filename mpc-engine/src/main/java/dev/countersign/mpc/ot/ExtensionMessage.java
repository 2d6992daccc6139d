package dev.countersign.mpc.ot;

import dev.countersign.mpc.transcript.Transcript;
import java.util.Arrays;

/// What the receiver of an OT extension sends: a nonce, the corrections u of 64 trees, and the sums
/// ẋ and ṫ of the consistency check.
public final class ExtensionMessage {
  public static final int NONCE_BYTES = 32;
  static final int CORRECTIONS = NONCE_BYTES;
  static final int CORRECTION_BYTES = SeedTrees.TREES * Extension.COLUMN_BYTES;
  static final int CHOICE_SUM = CORRECTIONS + CORRECTION_BYTES;
  static final int CHOICE_SUM_BYTES = 16;
  static final int ROW_SUMS = CHOICE_SUM + CHOICE_SUM_BYTES;
  static final int ROW_SUM_BYTES = 16 * Extension.CHECK_ROWS;
  public static final int BYTES = ROW_SUMS + ROW_SUM_BYTES;

  private final byte[] bytes;

  public ExtensionMessage(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "expected %d bytes, got %d".formatted(BYTES, bytes.length));
    }
    this.bytes = bytes.clone();
  }

  /// All of it, not this object's own.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// 32 bytes, by which later hashes of the run know this message.
  public byte[] digest() {
    return Transcript.of("OT extension message").add("bytes", bytes).digest();
  }

  byte[] nonce() {
    return Arrays.copyOf(bytes, NONCE_BYTES);
  }

  byte[] corrections() {
    return Arrays.copyOfRange(bytes, CORRECTIONS, CHOICE_SUM);
  }

  long[] choiceSum() {
    long[] words = new long[CHOICE_SUM_BYTES / Long.BYTES];
    Bits.load(words, 0, bytes, CHOICE_SUM, words.length);
    return words;
  }

  long[] rowSums() {
    long[] words = new long[ROW_SUM_BYTES / Long.BYTES];
    Bits.load(words, 0, bytes, ROW_SUMS, words.length);
    return words;
  }
}
