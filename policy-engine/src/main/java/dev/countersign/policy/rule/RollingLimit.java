package dev.countersign.policy.rule;

import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.decision.RuleOutcome.UnmetCriterion;
import dev.countersign.core.model.AssetId;
import java.math.BigInteger;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One of a rule's `limits`: how much may leave, or how often, within any stretch of time as long
/// as `window`, or ever.
///
/// @param name unlike those of the rule's other limits
/// @param asset the one asset that the rule names; the native one when only gas is counted; nothing
///     when actions are, whatever they move
/// @param counts what is added up: never gas together with the value of a token, nor actions with
///     anything else
/// @param maximum in the asset's smallest unit, or a number of actions
/// @param per what is counted apart; nothing means one count for the whole rule
public record RollingLimit(
    String name,
    Optional<AssetPattern> asset,
    Set<Counted> counts,
    BigInteger maximum,
    LimitWindow window,
    List<LimitDimension> per) {
  /// The name of the criterion in explanations, before that of the limit.
  private static final String KEY = "limit";

  public RollingLimit {
    per = per.stream().sorted().toList();
    counts = Collections.unmodifiableSet(EnumSet.copyOf(counts));
    if (asset.isEmpty() != counts.contains(Counted.ACTIONS)
        || (asset.isEmpty() && counts.size() > 1)) {
      throw new IllegalArgumentException("actions are no asset: " + counts + " of " + asset);
    }
    if (counts.contains(Counted.GAS) && !asset.map(AssetPattern::isNative).orElse(false)) {
      throw new IllegalArgumentException("gas is not paid in " + asset);
    }
  }

  /// The counter for `action`; nothing when the asset is not one of its chain.
  public Optional<ScopeKey> scope(String rule, JudgedAction action) {
    return what(action)
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

  private Optional<String> what(JudgedAction action) {
    return asset.isEmpty()
        ? Optional.of(Counted.ACTIONS.toString())
        : asset.get().on(action.subject().chain()).map(AssetId::toString);
  }

  /// Whether it counts wei.
  public boolean isNative() {
    return asset.map(AssetPattern::isNative).orElse(false);
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
    return new UnmetCriterion(
        KEY + " " + name,
        "at most %s%s %s".formatted(AmountText.show(maximum, isNative()), ofWhat(), window.span()),
        "%s, with %s in it already"
            .formatted(
                AmountText.show(spent.add(amount), isNative()),
                AmountText.show(spent, isNative())));
  }

  /// Nothing where it goes without saying: the value alone.
  private String ofWhat() {
    if (asset.isEmpty()) {
      return " actions";
    }
    return counts.contains(Counted.GAS)
        ? counts.stream().map(Counted::toString).collect(Collectors.joining(" and ", " of ", ""))
        : "";
  }
}
