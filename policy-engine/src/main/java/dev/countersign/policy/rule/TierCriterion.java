package dev.countersign.policy.rule;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Tier;
import dev.countersign.core.port.PolicySubject;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// `tiers`: how far the keys of the wallet's vault are from the network.
public record TierCriterion(Set<Tier> tiers, String expected) implements SubjectCriterion {
  private static final String ALL =
      Arrays.stream(Tier.values()).map(TierCriterion::text).collect(Collectors.joining(", "));

  static final CriterionKind KIND =
      CriterionKind.list(
          "tiers",
          CriterionKind.Presence.OPTIONAL,
          "any, or a list of " + ALL,
          (text, rule) -> parse(text),
          tiers ->
              new TierCriterion(
                  EnumSet.copyOf(tiers),
                  ValueList.oneOf(tiers.stream().map(TierCriterion::text).toList())));

  public TierCriterion {
    tiers = Set.copyOf(tiers);
  }

  /// @throws InvalidValueException when there is no such tier
  public static Tier parse(String text) {
    return Arrays.stream(Tier.values())
        .filter(tier -> text(tier).equals(text))
        .findFirst()
        .orElseThrow(() -> InvalidValueException.of("tier", text, "one of " + ALL));
  }

  private static String text(Tier tier) {
    return tier.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(PolicySubject subject) {
    return tiers.contains(subject.wallet().tier());
  }

  @Override
  public String observed(PolicySubject subject) {
    return text(subject.wallet().tier());
  }
}
