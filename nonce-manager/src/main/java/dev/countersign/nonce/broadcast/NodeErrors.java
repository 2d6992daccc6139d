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
    /// The node may have it or not: no line fits, or one that says so.
    UNKNOWN
  }

  /// @param text a part of the message, in lower case
  record Line(Meaning meaning, ErrorKind kind, String text) {
    private static final Line NONE = new Line(Meaning.UNKNOWN, ErrorKind.OTHER, "");
  }

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

  /// @param table lines of a meaning, a kind and a part of a message, with bars between them; `#`
  /// begins a remark
  static NodeErrors parse(String table) {
    List<Line> lines = new ArrayList<>();
    for (String raw : table.lines().toList()) {
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split("\\|", 3);
      if (parts.length < 3) {
        throw new IllegalArgumentException(
            "\"" + line + "\": expected a meaning, a kind and a text, with bars between them");
      }
      lines.add(
          new Line(
              Meaning.valueOf(parts[0].strip()),
              ErrorKind.valueOf(parts[1].strip()),
              parts[2].strip().toLowerCase(Locale.ROOT)));
    }
    return new NodeErrors(lines);
  }

  /// The line that fits the message.
  Line of(String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    return lines.stream().filter(line -> lower.contains(line.text())).findFirst().orElse(Line.NONE);
  }

  List<Line> lines() {
    return lines;
  }
}
