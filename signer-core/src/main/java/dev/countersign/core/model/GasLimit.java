package dev.countersign.core.model;

/// The most gas a transaction may use, in units of gas.
public record GasLimit(long units) {
  /// What a plain transfer to an account without code uses.
  public static final GasLimit TRANSFER = new GasLimit(21_000);

  public GasLimit {
    if (units < TRANSFER_UNITS) {
      throw InvalidValueException.of("gas limit", Long.toString(units), "21000 or more");
    }
  }

  private static final long TRANSFER_UNITS = 21_000;
}
