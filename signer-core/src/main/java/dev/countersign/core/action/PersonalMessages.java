package dev.countersign.core.action;

import dev.countersign.core.action.Deed.PersonalMessage;
import dev.countersign.core.action.Deed.RawDigest;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Messages of EIP-191, version 0x45 (`personal_sign`).
public final class PersonalMessages {
  private static final String PREFIX = "\u0019Ethereum Signed Message:\n";

  private PersonalMessages() {}

  /// The preimage is the prefix, the number of bytes in decimal, and the message.
  ///
  /// A message of 32 bytes is a [RawDigest] as well: contracts such as Safe take an owner's
  /// signature of the hash of a transaction in this form, and of that hash nobody can tell what it
  /// moves.
  ///
  /// @param message the bytes themselves, not their hex digits
  public static SignableMessage read(Bytes message, Address signer) {
    ByteArrayOutputStream preimage = new ByteArrayOutputStream();
    preimage.writeBytes((PREFIX + message.size()).getBytes(StandardCharsets.US_ASCII));
    preimage.writeBytes(message.toArray());
    List<Step> within =
        message.size() == Digest32.SIZE
            ? List.of(new Step.Does(signer, new RawDigest(new Digest32(message))))
            : List.of();
    return SignableMessage.of(
        Bytes.of(preimage.toByteArray()), Walk.of(signer, new PersonalMessage(message), within));
  }
}
