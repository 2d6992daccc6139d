package dev.countersign.core.action;

/// Ends the reading of a payload; becomes [Unpacking.Opaque] before anyone outside sees it.
final class OpaqueException extends Exception {
  private static final long serialVersionUID = 1L;

  OpaqueException(String reason) {
    super(reason, null, false, false);
  }

  Unpacking.Opaque opaque() {
    return new Unpacking.Opaque(String.valueOf(getMessage()));
  }
}
