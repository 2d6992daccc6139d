package dev.countersign.policy.rule;

import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// Lengths of time as policies write them.
public final class DurationText {
  public static final String FORM =
      "an ISO-8601 duration of whole seconds from PT1S to P3660D, such as PT24H";
  private static final Duration LONGEST = Duration.ofDays(3660);

  private DurationText() {}

  /// Hours, minutes and seconds; a day is 24 hours. Months have no length, so they are refused.
  ///
  /// @return nothing, after noting why, when it is another form or out of range
  public static Optional<Duration> read(Scalar text, String key, RuleContext rule) {
    return read(text, FORM, key, rule.fields());
  }

  /// @param form what stands there, where it may be something else too
  static Optional<Duration> read(Scalar text, String form, String key, RuleContext rule) {
    return read(text, form, key, rule.fields());
  }

  /// [#read] of what is not a rule's.
  public static Optional<Duration> read(Scalar text, String key, Fields fields) {
    return read(text, FORM, key, fields);
  }

  private static Optional<Duration> read(Scalar text, String form, String key, Fields fields) {
    Optional<Duration> length = parse(text.text());
    if (length.isEmpty()) {
      fields
          .problems()
          .add(text.at(), fields.path(key), "expected " + form + ", got " + text.kind());
    }
    return length;
  }

  /// The same, where what is wrong is told by another.
  public static Optional<Duration> parse(String text) {
    try {
      Duration length = Duration.parse(text);
      return length.isPositive() && length.compareTo(LONGEST) <= 0 && length.toNanosPart() == 0
          ? Optional.of(length)
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
