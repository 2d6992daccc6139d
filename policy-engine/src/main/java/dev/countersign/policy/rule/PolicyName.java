package dev.countersign.policy.rule;

import dev.countersign.policy.yaml.Fields;
import java.util.Optional;
import java.util.regex.Pattern;

/// The names of rules, limits and address lists. ASCII only, so that no two look alike, and without
/// the characters that part a [ScopeKey].
public final class PolicyName {
  public static final String FORM = "1 to 63 of a-z, 0-9 and -, with no - at either end";
  private static final Pattern PATTERN = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private PolicyName() {}

  public static boolean isValid(String text) {
    return PATTERN.matcher(text).matches();
  }

  /// The name at `key`.
  ///
  /// @return nothing, after noting why, when there is none or it is not a name
  public static Optional<String> read(Fields fields, String key) {
    return fields
        .requireText(key, "a name: " + FORM)
        .flatMap(
            name -> {
              if (isValid(name.text())) {
                return Optional.of(name.text());
              }
              fields
                  .problems()
                  .add(name.at(), fields.path(key), "expected " + FORM + ", got " + name.kind());
              return Optional.empty();
            });
  }
}
