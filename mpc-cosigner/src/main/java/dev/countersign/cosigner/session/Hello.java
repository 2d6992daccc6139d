package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.cosigner.wire.FieldReader;
import dev.countersign.cosigner.wire.FieldWriter;
import dev.countersign.cosigner.wire.MalformedBytesException;
import java.util.Optional;

/// What a party says first. Nobody signs it: whoever alters one gets parties that do not agree on
/// the session's name.
///
/// @param random 32 bytes, this party's part of the session's nonce
/// @param epoch of the key that it has
record Hello(Bytes random, long epoch) {
  private static final String FORM = "cosigner hello";
  private static final int VERSION = 1;
  private static final int PART_BYTES = 32;

  byte[] part() {
    return random.toArray();
  }

  byte[] encode() {
    return new FieldWriter(FORM, VERSION).fixed(part()).u64(epoch).finish();
  }

  static Optional<Hello> decode(byte[] bytes) {
    try {
      FieldReader in = new FieldReader(FORM, VERSION, bytes);
      Hello hello = new Hello(Bytes.of(in.fixed(PART_BYTES)), in.u64());
      in.end();
      return Optional.of(hello);
    } catch (MalformedBytesException e) {
      return Optional.empty();
    }
  }
}
