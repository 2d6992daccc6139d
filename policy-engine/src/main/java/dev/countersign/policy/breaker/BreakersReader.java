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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the `breakers` of a policy.
public final class BreakersReader {
  /// The longest window: breakers are about speed, limits about amounts over days.
  static final Duration LONGEST = Duration.ofHours(1);

  /// The longest window of one on balances, which are kept for longer than what was decided.
  static final Duration LONGEST_OF_BALANCES = Duration.ofDays(7);

  private static final String COUNTS = "counts";
  private static final List<String> KEYS = List.of("name", "scope", COUNTS, "maximum", "window");
  private static final List<String> BALANCE_KEYS =
      List.of("name", "scope", COUNTS, "asset", "maximum", "window");
  private static final List<String> FOREIGN_USE_KEYS = List.of("name", "scope", COUNTS);
  private static final Pattern WHOLE = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final String NUMBER = "a whole number, at most 18 digits";

  private static final List<String> OTHER_WORDS =
      Stream.concat(
              Arrays.stream(BalanceCount.values()).map(BalanceCount::word),
              Stream.of(ForeignUseBreaker.WORD))
          .toList();

  private BreakersReader() {}

  /// @param node what stands at `breakers`
  /// @return those that are right; the others are among the problems
  public static Breakers read(YamlNode node, Problems problems) {
    if (!(node instanceof YamlNode.Sequence list)) {
      problems.add(node.at(), "breakers", "expected a list, got " + node.kind());
      return Breakers.NONE;
    }
    List<Breaker> decisions = new ArrayList<>();
    List<BalanceBreaker> balances = new ArrayList<>();
    List<ForeignUseBreaker> foreignUse = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < list.items().size(); i++) {
      YamlNode item = list.items().get(i);
      Optional<Fields> fields = Fields.of(item, "breakers[" + i + "]", problems);
      if (fields.isPresent() && countsBalances(fields.get())) {
        balanceBreaker(fields.get())
            .filter(breaker -> isNew(breaker.name(), names, item, problems))
            .ifPresent(balances::add);
      } else if (fields.isPresent() && countsForeignUse(fields.get())) {
        foreignUseBreaker(fields.get())
            .filter(breaker -> isNew(breaker.name(), names, item, problems))
            .ifPresent(foreignUse::add);
      } else {
        fields
            .flatMap(BreakersReader::breaker)
            .filter(breaker -> isNew(breaker.name(), names, item, problems))
            .ifPresent(decisions::add);
      }
    }
    return new Breakers(decisions, balances, foreignUse);
  }

  private static boolean isNew(String name, Set<String> names, YamlNode item, Problems problems) {
    if (names.add(name)) {
      return true;
    }
    problems.add(item.at(), "breakers", "two breakers have the name " + name);
    return false;
  }

  private static boolean countsBalances(Fields fields) {
    return fields.find(COUNTS).orElse(null) instanceof YamlNode.Scalar counts
        && balanceCount(counts.text()).isPresent();
  }

  private static boolean countsForeignUse(Fields fields) {
    return fields.find(COUNTS).orElse(null) instanceof YamlNode.Scalar counts
        && counts.text().equals(ForeignUseBreaker.WORD);
  }

  private static Optional<ForeignUseBreaker> foreignUseBreaker(Fields fields) {
    fields.refuseOthersThan(FOREIGN_USE_KEYS);
    Optional<String> name = PolicyName.read(fields, "name");
    Optional<BreakerScope> scope = word(fields, "scope", BreakerScope.values(), BreakerScope::word);
    return name.isPresent() && scope.isPresent()
        ? Optional.of(new ForeignUseBreaker(name.get(), scope.get()))
        : Optional.empty();
  }

  private static Optional<BalanceCount> balanceCount(String word) {
    return Arrays.stream(BalanceCount.values())
        .filter(count -> count.word().equals(word))
        .findFirst();
  }

  private static Optional<BalanceBreaker> balanceBreaker(Fields fields) {
    fields.refuseOthersThan(BALANCE_KEYS);
    Optional<String> name = PolicyName.read(fields, "name");
    Optional<BreakerScope> scope = word(fields, "scope", BreakerScope.values(), BreakerScope::word);
    Optional<BalanceCount> counts =
        fields.requireText(COUNTS, "a word").flatMap(text -> balanceCount(text.text()));
    Optional<BreakerAsset> asset = BalanceBreakerReader.asset(fields);
    Optional<BreakerMaximum> maximum =
        asset.flatMap(of -> counts.flatMap(what -> BalanceBreakerReader.maximum(fields, of, what)));
    Optional<Duration> window = window(fields, LONGEST_OF_BALANCES);
    return name.isPresent()
            && scope.isPresent()
            && counts.isPresent()
            && asset.isPresent()
            && maximum.isPresent()
            && window.isPresent()
        ? Optional.of(
            new BalanceBreaker(
                name.get(), scope.get(), counts.get(), asset.get(), maximum.get(), window.get()))
        : Optional.empty();
  }

  private static Optional<Breaker> breaker(Fields fields) {
    fields.refuseOthersThan(KEYS);
    Optional<String> name = PolicyName.read(fields, "name");
    Optional<BreakerScope> scope = word(fields, "scope", BreakerScope.values(), BreakerScope::word);
    Optional<BreakerCount> counts =
        word(fields, COUNTS, BreakerCount.values(), BreakerCount::word, OTHER_WORDS);
    Optional<BigInteger> maximum = counts.flatMap(of -> maximum(fields, of));
    Optional<Duration> window = window(fields, LONGEST);
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
    return word(fields, key, values, word, List.of());
  }

  /// @param others that are words too, and read elsewhere
  private static <T> Optional<T> word(
      Fields fields, String key, T[] values, Function<T, String> word, List<String> others) {
    String expected =
        Stream.concat(Arrays.stream(values).map(word), others.stream())
            .collect(Collectors.joining(", "));
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

  private static Optional<Duration> window(Fields fields, Duration longest) {
    String expected =
        "an ISO-8601 duration of whole seconds, from PT1S to %s, such as PT1M"
            .formatted(longest.equals(LONGEST) ? "PT1H" : "P7D");
    return fields
        .requireText("window", expected)
        .flatMap(
            text -> {
              try {
                Duration window = Duration.parse(text.text());
                if (window.isPositive()
                    && window.equals(Duration.ofSeconds(window.toSeconds()))
                    && window.compareTo(longest) <= 0) {
                  return Optional.of(window);
                }
              } catch (DateTimeParseException e) {
                // said below
              }
              wrong(fields, "window", text, expected);
              return Optional.empty();
            });
  }

  static void wrong(Fields fields, String key, YamlNode at, String expected) {
    fields.problems().add(at.at(), fields.path(key), "expected " + expected + ", got " + at.kind());
  }
}
