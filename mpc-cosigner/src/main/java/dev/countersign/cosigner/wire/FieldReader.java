package dev.countersign.cosigner.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads what [FieldWriter] writes. Whatever the bytes are, all it throws is
/// [MalformedBytesException].
public final class FieldReader {
  private final byte[] bytes;
  private final String form;
  private int at;

  /// @throws MalformedBytesException when they are of another form or version
  public FieldReader(String form, int version, byte[] bytes) throws MalformedBytesException {
    this.bytes = bytes;
    this.form = form;
    byte[] expected = new FieldWriter(form, version).finish();
    if (!Arrays.equals(expected, fixed(expected.length))) {
      throw malformed("not of version " + version);
    }
  }

  public MalformedBytesException malformed(String what) {
    return new MalformedBytesException(form + ": " + what);
  }

  public int u8() throws MalformedBytesException {
    return fixed(1)[0] & 0xff;
  }

  public int u32() throws MalformedBytesException {
    return ByteBuffer.wrap(fixed(Integer.BYTES)).getInt();
  }

  public long u64() throws MalformedBytesException {
    return ByteBuffer.wrap(fixed(Long.BYTES)).getLong();
  }

  /// @return a copy, the caller's own
  public byte[] fixed(int length) throws MalformedBytesException {
    if (length < 0 || length > bytes.length - at) {
      throw malformed("ends after %d bytes".formatted(bytes.length));
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  /// @param most how many they may be
  public byte[] bytes(int most) throws MalformedBytesException {
    int length = u32();
    if (length < 0 || length > most) {
      throw malformed("a field of %d bytes, at most %d may be".formatted(length, most));
    }
    return fixed(length);
  }

  /// @param most bytes
  public String text(int most) throws MalformedBytesException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(most))).toString();
    } catch (CharacterCodingException e) {
      throw malformed("a text that is not UTF-8");
    }
  }

  /// Nothing comes after what was read.
  public void end() throws MalformedBytesException {
    if (at != bytes.length) {
      throw malformed("%d bytes too many".formatted(bytes.length - at));
    }
  }
}
