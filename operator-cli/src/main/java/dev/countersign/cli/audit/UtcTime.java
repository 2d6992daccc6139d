package dev.countersign.cli.audit;

import dev.countersign.cli.CommandException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/// Times as options have them.
final class UtcTime {
  private UtcTime() {}

  /// A day in UTC, which is its first moment, or a moment.
  static Instant parse(String option, String text) {
    try {
      return text.indexOf('T') < 0
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw CommandException.usage(
          "%s is %s, expected a day such as 2026-11-22 or a time such as 2026-11-22T18:41:00Z"
              .formatted(option, text));
    }
  }
}
