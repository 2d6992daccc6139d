package dev.countersign.cli.policy;

import dev.countersign.cli.CommandException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Moments as people write them on a command line.
final class Ago {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})([mhd])");

  private Ago() {}

  /// `30m`, `12h` or `7d` before `now`, or a moment in UTC.
  static Instant parse(String option, String text, Instant now) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      return now.minus(
          switch (matcher.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          });
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw CommandException.usage(
          "%s is %s, expected 30m, 12h, 7d or a time such as 2026-11-02T12:00:00Z"
              .formatted(option, text));
    }
  }
}
