package dev.countersign.nonce.node;

import java.math.BigInteger;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The QUANTITY type of the Ethereum JSON-RPC API: `0x` and hex digits.
public final class Quantities {
  private static final Pattern FORM = Pattern.compile("0x[0-9a-fA-F]{1,64}");

  private Quantities() {}

  public static String hex(BigInteger value) {
    return "0x" + value.toString(16);
  }

  /// Reads one, leading zeros or not: several nodes write them.
  ///
  /// @throws NodeUnavailableException when it is anything else
  public static BigInteger read(String what, JsonNode node) {
    String text = node.isString() ? node.stringValue() : "";
    if (!FORM.matcher(text).matches()) {
      throw new NodeUnavailableException(
          "%s: expected 0x and hex digits, got %s"
              .formatted(what, NodeText.shown(node.toString())));
    }
    return new BigInteger(text.substring(2), 16);
  }

  /// [#read] for what fits into 63 bits.
  public static long readLong(String what, JsonNode node) {
    BigInteger value = read(what, node);
    if (value.bitLength() > Long.SIZE - 1) {
      throw new NodeUnavailableException("%s: %s is too large to be one".formatted(what, value));
    }
    return value.longValue();
  }
}
