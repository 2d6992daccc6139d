package dev.countersign.core.model;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/// A 20-byte EVM account address, held as `0x` and 40 lower-case hex digits.
public record Address(String hex) implements Comparable<Address> {
  private static final Pattern ANY = Pattern.compile("0x[0-9a-fA-F]{40}");
  private static final int SIZE = 20;

  public Address {
    if (!isLowerHex(hex)) {
      throw InvalidValueException.of("address", hex, "0x and 40 lower-case hex digits");
    }
  }

  /// Without a pattern: every address of every decision comes by here.
  private static boolean isLowerHex(String text) {
    if (text.length() != 2 + 2 * SIZE || !text.startsWith("0x")) {
      return false;
    }
    for (int i = 2; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /// Reads an address as people write it. Mixed case must carry a right EIP-55 checksum.
  ///
  /// @throws InvalidValueException on a wrong length, a wrong digit or a wrong checksum
  public static Address parse(String text) {
    if (!ANY.matcher(text).matches()) {
      throw InvalidValueException.of("address", text, "0x and 40 hex digits");
    }
    Address address = new Address(text.toLowerCase(Locale.ROOT));
    String digits = text.substring(2);
    boolean oneCase =
        digits.equals(digits.toLowerCase(Locale.ROOT))
            || digits.equals(digits.toUpperCase(Locale.ROOT));
    if (!oneCase && !address.checksummed().equals(text)) {
      throw InvalidValueException.of(
          "address", text, "the EIP-55 checksum " + address.checksummed());
    }
    return address;
  }

  public static Address of(Bytes bytes) {
    if (bytes.size() != SIZE) {
      throw InvalidValueException.of("address", bytes.hex(), "20 bytes");
    }
    return new Address(bytes.hex());
  }

  /// The address with its EIP-55 checksum in the case of its letters.
  public String checksummed() {
    byte[] hash =
        Keccak.hash(hex.substring(2).getBytes(StandardCharsets.US_ASCII)).bytes().toArray();
    StringBuilder text = new StringBuilder("0x");
    for (int i = 0; i < 2 * SIZE; i++) {
      int nibble = (hash[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0xf;
      char digit = hex.charAt(i + 2);
      text.append(nibble >= 8 ? Character.toUpperCase(digit) : digit);
    }
    return text.toString();
  }

  public Bytes bytes() {
    return Bytes.fromHex(hex);
  }

  @Override
  public int compareTo(Address other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return checksummed();
  }
}
