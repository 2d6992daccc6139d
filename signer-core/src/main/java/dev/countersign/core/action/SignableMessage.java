package dev.countersign.core.action;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Keccak;
import java.util.Optional;

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

    /// The chain that the message itself says it is for; nothing when it says none.
    public Optional<ChainId> chain() {
      return unpacking.actions().getFirst().deed() instanceof Deed.TypedMessage typed
          ? typed.chain()
          : Optional.empty();
    }
  }

  /// It is not to be signed; there are no bytes to sign either.
  record NotUnderstood(Unpacking.Opaque unpacking) implements SignableMessage {}

  /// Reads a message that a client wants signed. Total.
  ///
  /// @param signer the wallet's own account
  static SignableMessage read(Intent.OfMessage message, Address signer) {
    return switch (message) {
      case Intent.PersonalMessage(Bytes text) -> PersonalMessages.read(text, signer);
      case Intent.TypedData(String json) -> TypedDataUnpacker.read(json, signer);
    };
  }

  /// @param unpacking what the message with this preimage does
  static SignableMessage of(Bytes preimage, Unpacking unpacking) {
    return switch (unpacking) {
      case Unpacking.Unpacked unpacked -> new Understood(preimage, unpacked);
      case Unpacking.Opaque opaque -> new NotUnderstood(opaque);
    };
  }
}
