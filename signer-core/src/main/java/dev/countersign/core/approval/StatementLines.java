package dev.countersign.core.approval;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The lines of a statement, read in their one order. Each is a name, a space and a value.
final class StatementLines {
  private static final int MOST_BYTES = 1 << 17;
  private static final int LONGEST_COUNT = 18;

  private final String what;
  private final Iterator<String> lines;
  private String line = "";
  private boolean stays;

  private StatementLines(String what, String text) {
    this.what = what;
    this.lines = Arrays.asList(text.split("\n", -1)).iterator();
  }

  /// Reads a statement, and nothing that is not exactly what the statement gives.
  ///
  /// @param what the kind of statement, for refusals
  /// @throws InvalidValueException that names the line
  static <T extends Approvable> T parse(
      String what, Bytes bytes, Function<StatementLines, T> reading) {
    if (bytes.size() > MOST_BYTES) {
      throw InvalidValueException.of(what, bytes.size() + " bytes", "at most " + MOST_BYTES);
    }
    String text = new String(bytes.toArray(), StandardCharsets.US_ASCII);
    T statement = reading.apply(new StatementLines(what, text));
    if (!statement.bytes().equals(bytes)) {
      throw InvalidValueException.of(what, text, statement.text());
    }
    return statement;
  }

  /// The first line.
  void format(String format) {
    format(format, format);
  }

  /// The first line, which may be either.
  String format(String one, String other) {
    next();
    if (!line.equals(one) && !line.equals(other)) {
      throw InvalidValueException.of(what, line, one.equals(other) ? one : one + " or " + other);
    }
    return line;
  }

  String value(String name) {
    next();
    if (!line.startsWith(name + " ")) {
      throw InvalidValueException.of(lineOf(), line, name + " and a value");
    }
    return line.substring(name.length() + 1);
  }

  /// The value of the next line when it has that name, or else nothing, and the line stays.
  Optional<String> valueIfNext(String name) {
    next();
    if (line.startsWith(name + " ")) {
      return Optional.of(line.substring(name.length() + 1));
    }
    stays = true;
    return Optional.empty();
  }

  List<String> two(String name) {
    List<String> parts = List.of(value(name).split(" ", -1));
    if (parts.size() != 2) {
      throw InvalidValueException.of(lineOf(), line, name + " and two values");
    }
    return parts;
  }

  Duration delay(String text) {
    if (!text.startsWith("PT") || !text.endsWith("S") || text.length() < 4) {
      throw InvalidValueException.of("delay", text, "whole seconds such as PT3600S");
    }
    return Duration.ofSeconds(count(text.substring(2, text.length() - 1)));
  }

  long count(String text) {
    if (text.isEmpty()
        || text.length() > LONGEST_COUNT
        || !text.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      throw InvalidValueException.of(lineOf(), line, "a whole number");
    }
    return Long.parseLong(text);
  }

  Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw InvalidValueException.of("time", text, "such as 2026-11-23T06:00:00Z");
    }
  }

  private void next() {
    if (stays) {
      stays = false;
      return;
    }
    line = lines.hasNext() ? lines.next() : "";
  }

  private String lineOf() {
    return "line of " + (what.startsWith("a") ? "an " : "a ") + what;
  }
}
