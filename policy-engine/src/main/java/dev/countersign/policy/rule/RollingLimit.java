package dev.countersign.policy.rule;

import dev.countersign.core.decision.RuleOutcome.UnmetCriterion;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One of a rule's `limits`: how much may leave within any stretch of time as long as `window`.
///
/// @param name unlike those of the rule's other limits
/// @param asset the one asset that the rule names; the native one when only gas is counted
/// @param counts what is added up: never gas together with the value of a token
/// @param maximum in the asset's smallest unit
/// @param window whole seconds; what was reserved longer ago than this no longer counts
/// @param per what is counted apart; nothing means one count for the whole rule
public record RollingLimit(
    String name,
    AssetPattern asset,
    Set<Counted> counts,
    BigInteger maximum,
    Duration window,
    List<LimitDimension> per) {
  /// The name of the criterion in explanations, before that of the limit.
  private static final String KEY = "limit";

  public RollingLimit {
    per = per.stream().sorted().toList();
    counts = Collections.unmodifiableSet(EnumSet.copyOf(counts));
    if (counts.contains(Counted.GAS) && !asset.isNative()) {
      throw new IllegalArgumentException("gas is not paid in " + asset);
    }
  }

  /// The counter for `action`; nothing when the asset is not one of its chain.
  public Optional<ScopeKey> scope(String rule, JudgedAction action) {
    return asset
        .on(action.subject().chain())
        .map(
            counted -> {
              StringBuilder text = new StringBuilder();
              text.append(rule).append('/').append(name).append(' ').append(counted);
              for (LimitDimension dimension : per) {
                text.append(' ').append(dimension).append('=').append(dimension.of(action));
              }
              return new ScopeKey(text.toString());
            });
  }

  /// How much of the limit an action takes.
  public BigInteger of(JudgedAction action) {
    return counts.stream()
        .map(counted -> counted.of(action))
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  /// @param spent what the window holds already
  public boolean hasRoom(BigInteger spent, BigInteger amount) {
    return spent.add(amount).compareTo(maximum) <= 0;
  }

  /// What a rule that restricts has not met as long as there is room.
  public UnmetCriterion room(BigInteger spent, BigInteger amount) {
    UnmetCriterion unmet = unmet(spent, amount);
    return new UnmetCriterion(
        unmet.criterion(), unmet.expected().replace("at most", "more than"), unmet.observed());
  }

  public UnmetCriterion unmet(BigInteger spent, BigInteger amount) {
    boolean isNative = asset.isNative();
    return new UnmetCriterion(
        KEY + " " + name,
        "at most %s%s in %s".formatted(AmountText.show(maximum, isNative), ofWhat(), window),
        "%s, with %s in it already"
            .formatted(
                AmountText.show(spent.add(amount), isNative), AmountText.show(spent, isNative)));
  }

  /// Nothing where it goes without saying: the value alone.
  private String ofWhat() {
    return counts.contains(Counted.GAS)
        ? counts.stream().map(Counted::toString).collect(Collectors.joining(" and ", " of ", ""))
        : "";
  }
}
