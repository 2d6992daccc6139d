package dev.countersign.audit.entry;

/// Bytes that are no entry of a version and type known here.
public final class MalformedEntryException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  MalformedEntryException(String message) {
    super(message);
  }
}
