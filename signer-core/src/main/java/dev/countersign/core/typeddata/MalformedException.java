package dev.countersign.core.typeddata;

/// Ends the reading of a document; becomes [TypedDataReading.Malformed] before anyone outside sees
/// it.
final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedException(String reason) {
    super(reason, null, false, false);
  }
}
