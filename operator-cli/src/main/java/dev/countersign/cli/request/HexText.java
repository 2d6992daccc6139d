package dev.countersign.cli.request;

import com.google.protobuf.ByteString;
import dev.countersign.cli.CommandException;
import java.util.HexFormat;
import java.util.Locale;

/// Bytes as they are typed: `0x` and hex digits.
final class HexText {
  private static final String PREFIX = "0x";

  private HexText() {}

  /// @param option whose value it is, for when it is something else
  static ByteString bytes(String option, String text) {
    try {
      if (text.startsWith(PREFIX)) {
        return ByteString.copyFrom(
            HexFormat.of().parseHex(text.substring(PREFIX.length()).toLowerCase(Locale.ROOT)));
      }
    } catch (IllegalArgumentException e) {
      throw wrong(option, text);
    }
    throw wrong(option, text);
  }

  private static CommandException wrong(String option, String text) {
    return CommandException.usage(
        "%s %s: expected 0x and an even number of hex digits".formatted(option, text));
  }
}
