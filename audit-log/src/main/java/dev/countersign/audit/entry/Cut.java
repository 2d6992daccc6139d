package dev.countersign.audit.entry;

import dev.countersign.audit.entry.Json.Fields;
import dev.countersign.audit.entry.Json.Items;
import dev.countersign.audit.entry.Json.Text;
import dev.countersign.audit.entry.Json.Whole;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;

/// Keeps an entry within its 65,535 bytes: what is long is named by its size and SHA-256, so that
/// whoever has it can still show that it is what was logged. Never fails.
final class Cut {
  /// The longest text that is kept whole, in bytes of UTF-8.
  static final int LONGEST_TEXT = 1024;

  /// How much is kept of a longer one, in bytes of UTF-8.
  static final int KEPT_TEXT = 256;

  /// The longest call data that is kept whole.
  static final int LONGEST_DATA = 1024;

  /// The longest list that is kept whole, in bytes of its canonical JSON.
  static final int LONGEST_LIST = 16_384;

  private Cut() {}

  /// A string, or `{"bytes":…,"cut":"the first of it","sha256":"0x…"}`.
  static Json text(String value) {
    Text text = new Text(value);
    byte[] utf8 = text.value().getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= LONGEST_TEXT) {
      return text;
    }
    int end = KEPT_TEXT;
    while ((utf8[end] & 0xc0) == 0x80) { // not in the middle of a character
      end--;
    }
    return new Fields(
        Map.of(
            "bytes",
            new Whole(utf8.length),
            "cut",
            new Text(new String(utf8, 0, end, StandardCharsets.UTF_8)),
            "sha256",
            sha256(utf8)));
  }

  /// A hex string, or `{"bytes":…,"selector":"0x…","sha256":"0x…"}`.
  static Json callData(Bytes data) {
    if (data.size() <= LONGEST_DATA) {
      return new Text(data.hex());
    }
    return new Fields(
        Map.of(
            "bytes",
            new Whole(data.size()),
            "selector",
            new Text(data.slice(0, 4).hex()),
            "sha256",
            sha256(data.toArray())));
  }

  /// A list, or `{"count":…,"sha256":"0x…"}` with the hash of the list's canonical JSON.
  static Json list(List<Json> values) {
    Items items = new Items(values);
    byte[] utf8 = items.canonical().getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= LONGEST_LIST) {
      return items;
    }
    return new Fields(Map.of("count", new Whole(values.size()), "sha256", sha256(utf8)));
  }

  private static Text sha256(byte[] bytes) {
    try {
      return new Text(Digest32.of(MessageDigest.getInstance("SHA-256").digest(bytes)).hex());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
