package dev.countersign.policy.rule;

import dev.countersign.core.decision.RuleOutcome.UnmetCriterion;
import dev.countersign.core.port.PolicySubject;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One of a rule's `limits`: how much may leave within any stretch of time as long as `window`.
///
/// @param name unlike those of the rule's other limits
/// @param asset the one asset that the rule names
/// @param maximum in the asset's smallest unit
/// @param window whole seconds; what was reserved longer ago than this no longer counts
/// @param per what is counted apart; nothing means one count for the whole rule
public record RollingLimit(
    String name,
    AssetPattern asset,
    BigInteger maximum,
    Duration window,
    List<LimitDimension> per) {
  /// The name of the criterion in explanations, before that of the limit.
  private static final String KEY = "limit";

  public RollingLimit {
    per = per.stream().sorted().toList();
  }

  /// The counter for `subject`; nothing when the asset is not one of its chain.
  public Optional<ScopeKey> scope(String rule, PolicySubject subject) {
    return asset
        .on(subject.chain())
        .map(
            counted -> {
              StringBuilder text = new StringBuilder();
              text.append(rule).append('/').append(name).append(' ').append(counted);
              for (LimitDimension dimension : per) {
                text.append(' ').append(dimension).append('=').append(dimension.of(subject));
              }
              return new ScopeKey(text.toString());
            });
  }

  /// @param spent what the window holds already
  public boolean hasRoom(BigInteger spent, BigInteger amount) {
    return spent.add(amount).compareTo(maximum) <= 0;
  }

  public UnmetCriterion unmet(BigInteger spent, BigInteger amount) {
    boolean isNative = asset.isNative();
    return new UnmetCriterion(
        KEY + " " + name,
        "at most %s in %s".formatted(AmountText.show(maximum, isNative), window),
        "%s, with %s in it already"
            .formatted(
                AmountText.show(spent.add(amount), isNative), AmountText.show(spent, isNative)));
  }
}
