package dev.countersign.policy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.IpAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class IpRangePropertyTest {

  @Property(tries = 300)
  void aRangeHasWhatAgreesInItsBits(
      @ForAll @Size(4) byte[] one,
      @ForAll @Size(4) byte[] other,
      @ForAll @IntRange(max = 32) int bits) {
    int mask = bits == 0 ? 0 : -1 << (32 - bits);
    IpRange range = new IpRange(address(number(one) & mask), bits);
    assertThat(range.contains(new IpAddress(Bytes.of(one)))).isTrue();
    assertThat(range.contains(new IpAddress(Bytes.of(other))))
        .isEqualTo((number(one) & mask) == (number(other) & mask));
    assertThat(IpRange.parse(range.toString())).isEqualTo(range);
  }

  @Property(tries = 200)
  void anAddressIsReadAsItIsShown(@ForAll @Size(16) byte[] bytes) {
    IpAddress address = new IpAddress(Bytes.of(bytes));
    assertThat(IpRange.parse(address.toString()).contains(address)).isTrue();
  }

  @Property(tries = 300)
  void anyTextIsARangeOrRefused(@ForAll String text) {
    try {
      assertThat(IpRange.parse(text).first()).isNotNull();
    } catch (InvalidValueException e) {
      assertThat(e.expected()).isNotEmpty();
    }
  }

  private static int number(byte[] bytes) {
    return ((bytes[0] & 0xff) << 24)
        | ((bytes[1] & 0xff) << 16)
        | ((bytes[2] & 0xff) << 8)
        | (bytes[3] & 0xff);
  }

  private static IpAddress address(int number) {
    return new IpAddress(
        Bytes.of(
            new byte[] {
              (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
            }));
  }
}
