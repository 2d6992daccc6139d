package dev.countersign.core.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/// An IPv4 or IPv6 address. An IPv4 address that is mapped into IPv6 is the IPv4 address.
///
/// @param bytes 4 or 16 of them
public record IpAddress(Bytes bytes) {
  private static final Pattern IPV4 =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  public IpAddress {
    if (bytes.size() != 4 && bytes.size() != 16) {
      throw InvalidValueException.of("IP address", bytes.hex(), "4 or 16 bytes");
    }
  }

  public static IpAddress of(InetAddress address) {
    return new IpAddress(Bytes.of(address.getAddress()));
  }

  /// Never asks a name server.
  ///
  /// @throws InvalidValueException when it is another form
  public static IpAddress parse(String text) {
    if (IPV4.matcher(text).matches() || IPV6.matcher(text).matches()) {
      try {
        return of(InetAddress.ofLiteral(text));
      } catch (IllegalArgumentException e) {
        // Told below, together with what has another form.
      }
    }
    throw InvalidValueException.of(
        "IP address", text, "an IPv4 or IPv6 address such as 192.0.2.1 or 2001:db8::1");
  }

  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(bytes.toArray()).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
