package dev.countersign.mpc.vole;

import dev.countersign.mpc.group.MalformedElementException;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.ScalarVector;
import java.util.Arrays;

/// What the side with the two inputs sends: a nonce, the corrections ã of 512 rows for two inputs
/// and the check, by columns, then η and μ.
public final class VoleAnswer {
  static final int NONCE_BYTES = 32;
  static final int COLUMN_BYTES = Vole.ROWS * ScalarField.BYTES;
  static final int CORRECTIONS = NONCE_BYTES;
  static final int ETA = CORRECTIONS + Vole.COLUMNS * COLUMN_BYTES;
  static final int MU = ETA + ScalarField.BYTES;
  public static final int BYTES = MU + Vole.CHECK_BYTES;

  private final byte[] bytes;
  private final ScalarVector[] corrections;
  private final Scalar eta;

  /// @throws MalformedElementException for a scalar that is not below the order
  public VoleAnswer(byte[] bytes) throws MalformedElementException {
    if (bytes.length != BYTES) {
      throw new MalformedElementException(
          "expected %d bytes, got %d".formatted(BYTES, bytes.length));
    }
    this.bytes = bytes.clone();
    this.corrections = new ScalarVector[Vole.COLUMNS];
    for (int i = 0; i < corrections.length; i++) {
      corrections[i] = ScalarVector.read(this.bytes, CORRECTIONS + i * COLUMN_BYTES, Vole.ROWS);
    }
    this.eta = ScalarField.SECP256K1.decode(Arrays.copyOfRange(bytes, ETA, MU));
  }

  /// All of it, not this object's own.
  public byte[] bytes() {
    return bytes.clone();
  }

  byte[] nonce() {
    return Arrays.copyOf(bytes, NONCE_BYTES);
  }

  byte[] correctionBytes() {
    return Arrays.copyOfRange(bytes, CORRECTIONS, ETA);
  }

  ScalarVector corrections(int column) {
    return corrections[column];
  }

  Scalar eta() {
    return eta;
  }

  byte[] mu() {
    return Arrays.copyOfRange(bytes, MU, BYTES);
  }
}
