package dev.countersign.core.action;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Keccak;

/// What came of reading a message that is to be signed.
public sealed interface SignableMessage {

  /// What policy is asked about.
  Unpacking unpacking();

  /// It was read to the end.
  ///
  /// @param preimage the bytes whose Keccak-256 is signed
  record Understood(Bytes preimage, Unpacking.Unpacked unpacking) implements SignableMessage {

    /// What is signed.
    public Digest32 signingDigest() {
      return Keccak.hash(preimage.toArray());
    }
  }

  /// It is not to be signed; there are no bytes to sign either.
  record NotUnderstood(Unpacking.Opaque unpacking) implements SignableMessage {}

  /// @param unpacking what the message with this preimage does
  static SignableMessage of(Bytes preimage, Unpacking unpacking) {
    return switch (unpacking) {
      case Unpacking.Unpacked unpacked -> new Understood(preimage, unpacked);
      case Unpacking.Opaque opaque -> new NotUnderstood(opaque);
    };
  }
}
