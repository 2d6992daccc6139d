package dev.countersign.policy.rule;

import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Points in time as policies write them.
public final class InstantText {
  public static final String FORM = "a time in UTC, to the second, such as 2026-11-02T12:00:00Z";

  private InstantText() {}

  /// @return nothing, after noting why, when it is another form
  static Optional<Instant> read(YamlNode value, String key, RuleContext rule) {
    Optional<Instant> read = peek(value);
    if (read.isEmpty()) {
      rule.problem(value.at(), key, "expected " + FORM + ", got " + value.kind());
    }
    return read;
  }

  /// The same, where what is wrong is told by another.
  public static Optional<Instant> peek(YamlNode value) {
    return value instanceof Scalar scalar ? parse(scalar.text()) : Optional.empty();
  }

  private static Optional<Instant> parse(String text) {
    try {
      Instant read = Instant.parse(text);
      // One form for each time, so no offset and no fraction.
      return read.truncatedTo(ChronoUnit.SECONDS).toString().equals(text)
          ? Optional.of(read)
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
