package dev.countersign.policy.breaker;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.rule.AmountText;
import dev.countersign.policy.rule.PolicyName;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlNode;
import java.math.BigInteger;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Reads the `breakers` of a policy.
public final class BreakersReader {
  /// The longest window: breakers are about speed, limits about amounts over days.
  static final Duration LONGEST = Duration.ofHours(1);

  private static final List<String> KEYS = List.of("name", "scope", "counts", "maximum", "window");
  private static final Pattern WHOLE = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final String NUMBER = "a whole number, at most 18 digits";
  private static final String WINDOW =
      "an ISO-8601 duration of whole seconds, from PT1S to PT1H, such as PT1M";

  private BreakersReader() {}

  /// @param node what stands at `breakers`
  /// @return those that are right; the others are among the problems
  public static List<Breaker> read(YamlNode node, Problems problems) {
    if (!(node instanceof YamlNode.Sequence list)) {
      problems.add(node.at(), "breakers", "expected a list, got " + node.kind());
      return List.of();
    }
    List<Breaker> breakers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < list.items().size(); i++) {
      YamlNode item = list.items().get(i);
      Fields.of(item, "breakers[" + i + "]", problems)
          .flatMap(BreakersReader::breaker)
          .ifPresent(
              breaker -> {
                if (names.add(breaker.name())) {
                  breakers.add(breaker);
                } else {
                  problems.add(
                      item.at(), "breakers", "two breakers have the name " + breaker.name());
                }
              });
    }
    return breakers;
  }

  private static Optional<Breaker> breaker(Fields fields) {
    fields.refuseOthersThan(KEYS);
    Optional<String> name = PolicyName.read(fields, "name");
    Optional<BreakerScope> scope = word(fields, "scope", BreakerScope.values(), BreakerScope::word);
    Optional<BreakerCount> counts =
        word(fields, "counts", BreakerCount.values(), BreakerCount::word);
    Optional<BigInteger> maximum = counts.flatMap(of -> maximum(fields, of));
    Optional<Duration> window = window(fields);
    return name.isPresent()
            && scope.isPresent()
            && counts.isPresent()
            && maximum.isPresent()
            && window.isPresent()
        ? Optional.of(
            new Breaker(name.get(), scope.get(), counts.get(), maximum.get(), window.get()))
        : Optional.empty();
  }

  private static <T> Optional<T> word(
      Fields fields, String key, T[] values, Function<T, String> word) {
    String expected = String.join(", ", Arrays.stream(values).map(word).toList());
    return fields
        .requireText(key, "one of " + expected)
        .flatMap(
            text -> {
              Optional<T> found =
                  Arrays.stream(values)
                      .filter(value -> word.apply(value).equals(text.text()))
                      .findFirst();
              if (found.isEmpty()) {
                wrong(fields, key, text, "one of " + expected);
              }
              return found;
            });
  }

  private static Optional<BigInteger> maximum(Fields fields, BreakerCount counts) {
    String expected =
        switch (counts) {
          case SIGNATURES, DENIALS -> NUMBER;
          case NATIVE_VALUE -> AmountText.FORM_NATIVE;
        };
    return fields
        .requireText("maximum", expected)
        .flatMap(
            text -> {
              Optional<BigInteger> maximum =
                  switch (counts) {
                    case SIGNATURES, DENIALS -> number(text.text());
                    case NATIVE_VALUE -> amount(text.text());
                  };
              if (maximum.isEmpty()) {
                wrong(fields, "maximum", text, expected);
              }
              return maximum;
            });
  }

  private static Optional<BigInteger> number(String text) {
    return WHOLE.matcher(text).matches() ? Optional.of(new BigInteger(text)) : Optional.empty();
  }

  private static Optional<BigInteger> amount(String text) {
    try {
      return Optional.of(AmountText.parseNative(text));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> window(Fields fields) {
    return fields
        .requireText("window", WINDOW)
        .flatMap(
            text -> {
              try {
                Duration window = Duration.parse(text.text());
                if (window.isPositive()
                    && window.equals(Duration.ofSeconds(window.toSeconds()))
                    && window.compareTo(LONGEST) <= 0) {
                  return Optional.of(window);
                }
              } catch (DateTimeParseException e) {
                // said below
              }
              wrong(fields, "window", text, WINDOW);
              return Optional.empty();
            });
  }

  private static void wrong(Fields fields, String key, YamlNode at, String expected) {
    fields.problems().add(at.at(), fields.path(key), "expected " + expected + ", got " + at.kind());
  }
}
