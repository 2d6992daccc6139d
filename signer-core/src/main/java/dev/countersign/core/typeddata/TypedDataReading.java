package dev.countersign.core.typeddata;

/// What came of reading typed data.
public sealed interface TypedDataReading {
  record Read(TypedData data) implements TypedDataReading {}

  /// @param reason what was expected and what was there, for people
  record Malformed(String reason) implements TypedDataReading {}
}
