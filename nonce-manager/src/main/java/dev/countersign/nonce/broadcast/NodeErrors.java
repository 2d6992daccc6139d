package dev.countersign.nonce.broadcast;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What nodes mean by the texts of their errors to `eth_sendRawTransaction`. There is no standard
/// for them, so they are data: the lines of `node-errors.txt`, the first that fits counts.
final class NodeErrors {
  private static final String RESOURCE = "node-errors.txt";

  private final List<Line> lines;

  private NodeErrors(List<Line> lines) {
    this.lines = List.copyOf(lines);
  }

  /// What an error means.
  enum Meaning {
    /// The node has these very bytes.
    KNOWN,
    /// The nonce is mined: with these bytes, or with others.
    NONCE_USED,
    /// The node has not kept it.
    REFUSED,
    /// No line fits.
    UNKNOWN
  }

  /// @param text a part of the message, in lower case
  record Line(Meaning meaning, String text) {}

  static NodeErrors load() {
    try (InputStream resource = NodeErrors.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the class path");
      }
      return parse(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param table lines of a meaning, a bar and a part of a message; `#` begins a remark
  static NodeErrors parse(String table) {
    List<Line> lines = new ArrayList<>();
    for (String raw : table.lines().toList()) {
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int bar = line.indexOf('|');
      if (bar < 0) {
        throw new IllegalArgumentException(
            "\"" + line + "\": expected a meaning, a bar and a text");
      }
      lines.add(
          new Line(
              Meaning.valueOf(line.substring(0, bar).strip()),
              line.substring(bar + 1).strip().toLowerCase(Locale.ROOT)));
    }
    return new NodeErrors(lines);
  }

  Meaning meaning(String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    return lines.stream()
        .filter(line -> lower.contains(line.text()))
        .map(Line::meaning)
        .findFirst()
        .orElse(Meaning.UNKNOWN);
  }

  List<Line> lines() {
    return lines;
  }
}
