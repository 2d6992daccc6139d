package dev.countersign.core.price;

import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Pattern;

/// A price with what somebody says to be its feed's signature: the lines of the statement, and
/// `signature` with 64 bytes in hex.
///
/// @param signature of [PriceStatement#canonical]
public record SignedPrice(PriceStatement statement, Bytes signature) {
  public static final int MOST_BYTES = 1024;
  private static final String FORM =
      "8 lines: "
          + PriceStatement.FORMAT
          + ", feed NAME, asset CAIP-19, decimals NUMBER, currency CODE, price NUMBER, as-of TIME,"
          + " signature HEX";
  private static final int LINES = 8;
  private static final int SIGNATURE_SIZE = 64;
  private static final Pattern COUNT = Pattern.compile("0|[1-9][0-9]?");

  public SignedPrice {
    if (signature.size() != SIGNATURE_SIZE) {
      throw InvalidValueException.of("signature", signature.size() + " bytes", "64 bytes");
    }
  }

  /// Whether `key` signed exactly this statement. Whether `key` is the feed's is for whoever has
  /// the policy.
  public boolean isSignedBy(ApproverKey key) {
    return key.verifies(statement.canonical().toArray(), signature);
  }

  /// ASCII; each line ends in one line feed.
  public Bytes bytes() {
    return Bytes.of(
        (statement.text() + "signature " + signature.hex() + "\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  /// Reads [#bytes], and nothing that is not exactly what it gives.
  ///
  /// @throws InvalidValueException on any other bytes
  public static SignedPrice parse(Bytes bytes) {
    if (bytes.size() > MOST_BYTES) {
      throw InvalidValueException.of(
          "signed price", bytes.size() + " bytes", "at most " + MOST_BYTES);
    }
    List<String> lines = new String(bytes.toArray(), StandardCharsets.US_ASCII).lines().toList();
    if (lines.size() != LINES) {
      throw InvalidValueException.of("signed price", lines.size() + " lines", FORM);
    }
    SignedPrice price =
        new SignedPrice(
            new PriceStatement(
                new FeedName(value(lines.get(1), "feed ")),
                AssetId.parse(value(lines.get(2), "asset ")),
                decimals(value(lines.get(3), "decimals ")),
                new CurrencyCode(value(lines.get(4), "currency ")),
                PriceStatement.parsePrice(value(lines.get(5), "price ")),
                time(value(lines.get(6), "as-of "))),
            Bytes.fromHex(value(lines.get(7), "signature ")));
    if (!price.bytes().equals(bytes)) {
      throw InvalidValueException.of("signed price", lines.getFirst(), FORM);
    }
    return price;
  }

  private static String value(String line, String name) {
    if (!line.startsWith(name)) {
      throw InvalidValueException.of("signed price", line, FORM);
    }
    return line.substring(name.length());
  }

  private static int decimals(String text) {
    if (!COUNT.matcher(text).matches()) {
      throw InvalidValueException.of(
          "decimals", text, "a whole number from 0 to " + PriceStatement.MOST_DECIMALS);
    }
    return Integer.parseInt(text);
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw InvalidValueException.of("as-of", text, "a time such as 2026-11-23T11:00:00Z");
    }
  }
}
