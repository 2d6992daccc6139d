package dev.countersign.mpc.wire;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import java.util.Arrays;
import java.util.Collection;

/// Puts fields one after the other, numbers with the highest byte first. What it holds may be a
/// secret: no array that it has outgrown is left as it was.
public final class WireWriter {
  private static final int FIRST_BYTES = 256;
  private static final int LONGEST = 0xffff;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;

  public WireWriter(WireForm form) {
    u8(form.code());
    u8(form.version());
  }

  /// @throws IllegalArgumentException unless it is from 0 to 255: nothing is written then
  public WireWriter u8(int number) {
    return number(number, 0xff, 1);
  }

  /// @throws IllegalArgumentException unless it is from 0 to 65,535: nothing is written then
  public WireWriter u16(int number) {
    return number(number, LONGEST, 2);
  }

  private WireWriter number(int number, int most, int width) {
    if (number < 0 || number > most) {
      throw new IllegalArgumentException(
          "expected a number from 0 to %d, got %d".formatted(most, number));
    }
    put(number, width);
    return this;
  }

  private void put(long number, int width) {
    room(width);
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (number >>> shift);
    }
  }

  public WireWriter u64(long number) {
    put(number, Long.BYTES);
    return this;
  }

  /// Of a length that the reader knows.
  public WireWriter fixed(byte[] field) {
    room(field.length);
    System.arraycopy(field, 0, bytes, length, field.length);
    length += field.length;
    return this;
  }

  /// After its length, which is at most 65,535.
  public WireWriter sized(byte[] field) {
    if (field.length > LONGEST) {
      throw new IllegalArgumentException(
          "a field of %d bytes, at most %d fit".formatted(field.length, LONGEST));
    }
    return u16(field.length).fixed(field);
  }

  public WireWriter party(Party party) {
    return u8(party.number());
  }

  /// In the order of their numbers.
  public WireWriter parties(Collection<Party> parties) {
    u8(parties.size());
    parties.stream().sorted().forEach(this::party);
    return this;
  }

  /// @throws ArithmeticException for the identity
  public WireWriter point(Point<?> point) {
    return fixed(point.encode());
  }

  public WireWriter scalar(Scalar scalar) {
    byte[] encoded = scalar.encode();
    fixed(encoded);
    Arrays.fill(encoded, (byte) 0);
    return this;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      byte[] old = bytes;
      bytes = Arrays.copyOf(old, Math.max(2 * old.length, length + more));
      Arrays.fill(old, (byte) 0);
    }
  }

  /// All of it, once: the writer is wiped.
  public byte[] finish() {
    byte[] all = Arrays.copyOf(bytes, length);
    Arrays.fill(bytes, (byte) 0);
    length = 0;
    return all;
  }
}
