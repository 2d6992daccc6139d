package dev.countersign.policy.rule;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.IpAddress;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// All addresses of IPv4, or of IPv6, that begin with the same bits (CIDR, RFC 4632).
///
/// @param first its first address
/// @param bits how many they have in common
public record IpRange(IpAddress first, int bits) {
  private static final Pattern FORM = Pattern.compile("([^/]+)(?:/(0|[1-9][0-9]{0,2}))?");

  public IpRange {
    int all = first.bytes().size() * Byte.SIZE;
    if (bits < 0 || bits > all) {
      throw InvalidValueException.of(
          "range", first + "/" + bits, "a prefix of 0 to %d bits".formatted(all));
    }
    if (!prefix(first, bits).shiftLeft(all - bits).equals(number(first))) {
      throw InvalidValueException.of(
          "range",
          first + "/" + bits,
          "a range whose bits after the first %d are 0".formatted(bits));
    }
  }

  /// @param text `10.0.0.0/8`, `2001:db8::/32`, or one address
  public static IpRange parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw InvalidValueException.of("range", text, "an IP address or a CIDR range");
    }
    IpAddress address = IpAddress.parse(form.group(1));
    String bits = form.group(2);
    return new IpRange(
        address, bits == null ? address.bytes().size() * Byte.SIZE : Integer.parseInt(bits));
  }

  public boolean contains(IpAddress address) {
    return address.bytes().size() == first.bytes().size()
        && prefix(address, bits).equals(prefix(first, bits));
  }

  private static BigInteger prefix(IpAddress address, int bits) {
    return number(address).shiftRight(address.bytes().size() * Byte.SIZE - bits);
  }

  private static BigInteger number(IpAddress address) {
    Bytes bytes = address.bytes();
    return new BigInteger(1, bytes.toArray());
  }

  @Override
  public String toString() {
    return bits == first.bytes().size() * Byte.SIZE ? first.toString() : first + "/" + bits;
  }
}
