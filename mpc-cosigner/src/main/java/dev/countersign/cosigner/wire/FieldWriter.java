package dev.countersign.cosigner.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Puts fields one after the other, numbers with the highest byte first, texts and bytes after
/// their length. Not for secrets.
public final class FieldWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// @param form what the bytes are, which is theirs alone
  /// @param version from 1 to 255
  public FieldWriter(String form, int version) {
    text(form).u8(version);
  }

  public FieldWriter u8(int number) {
    if (number < 0 || number > 0xff) {
      throw new IllegalArgumentException("expected a number from 0 to 255, got " + number);
    }
    out.write(number);
    return this;
  }

  public FieldWriter u32(int number) {
    return fixed(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  public FieldWriter u64(long number) {
    return fixed(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
  }

  /// Of a length that the reader knows.
  public FieldWriter fixed(byte[] field) {
    out.writeBytes(field);
    return this;
  }

  public FieldWriter bytes(byte[] field) {
    return u32(field.length).fixed(field);
  }

  public FieldWriter text(String field) {
    return bytes(field.getBytes(StandardCharsets.UTF_8));
  }

  public byte[] finish() {
    return out.toByteArray();
  }
}
