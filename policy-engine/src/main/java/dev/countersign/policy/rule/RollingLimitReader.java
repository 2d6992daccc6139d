package dev.countersign.policy.rule;

import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the `limits` of a rule.
public final class RollingLimitReader {
  public static final String KEY = "limits";
  public static final List<String> KEYS = List.of("name", "maximum", "counts", "window", "per");
  private static final String PER_FORM = "a list of initiator, wallet, chain, destination";
  private static final String COUNTS_FORM = "a list of value, gas";

  private static final Set<Counted> GAS_ALONE = Set.of(Counted.GAS);
  private static final Set<Counted> VALUE_ALONE = Set.of(Counted.VALUE);

  /// What counts of a native asset when a limit does not say: all that leaves the wallet.
  private static final Set<Counted> EVERYTHING = Set.of(Counted.values());

  private RollingLimitReader() {}

  /// @return those that could be read; what is wrong is among the rule's problems
  public static List<RollingLimit> read(YamlNode value, RuleContext rule) {
    if (!(value instanceof Sequence sequence) || sequence.items().isEmpty()) {
      rule.problem(value.at(), KEY, "expected a list of limits, got " + value.kind());
      return List.of();
    }
    List<RollingLimit> limits = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      YamlNode node = sequence.items().get(i);
      String key = KEY + "[" + i + "]";
      Fields.of(node, rule.fields().path(key), rule.fields().problems())
          .flatMap(fields -> limit(fields, key, rule))
          .ifPresent(
              limit -> {
                if (!names.add(limit.name())) {
                  rule.problem(node.at(), key, "a second limit named " + limit.name());
                }
                limits.add(limit);
              });
    }
    return limits;
  }

  private static Optional<RollingLimit> limit(Fields fields, String key, RuleContext rule) {
    fields.refuseOthersThan(KEYS);
    Optional<String> name = PolicyName.read(fields, "name");
    Optional<YamlNode> written = fields.find("counts");
    Optional<Set<Counted>> said = written.flatMap(value -> counts(value, key + ".counts", rule));
    Optional<RuleAmount> maximum =
        fields
            .require("maximum", "an amount")
            .flatMap(
                value ->
                    said.equals(Optional.of(GAS_ALONE))
                        ? RuleAmount.readNative(value, key + ".maximum", rule)
                        : RuleAmount.read(value, key + ".maximum", rule));
    Optional<Duration> window =
        fields
            .requireText("window", DurationText.FORM)
            .flatMap(text -> DurationText.read(text, key + ".window", rule));
    Optional<List<LimitDimension>> per =
        fields
            .find("per")
            .map(value -> per(value, key + ".per", rule))
            .orElse(Optional.of(List.of()));
    if (name.isEmpty() || maximum.isEmpty() || window.isEmpty() || per.isEmpty()) {
      return Optional.empty();
    }
    if (written.isPresent() && said.isEmpty()) {
      return Optional.empty();
    }
    boolean isNative = maximum.get().isNative();
    if (!isNative && said.orElse(VALUE_ALONE).contains(Counted.GAS)) {
      rule.problem(
          written.orElseThrow().at(),
          key + ".counts",
          "gas is not paid in the token: expected [value], and a limit of its own with [gas]");
      return Optional.empty();
    }
    return Optional.of(
        new RollingLimit(
            name.get(),
            maximum.get().asset(),
            said.orElse(isNative ? EVERYTHING : VALUE_ALONE),
            maximum.get().value(),
            window.get(),
            per.get()));
  }

  private static Optional<Set<Counted>> counts(YamlNode value, String key, RuleContext rule) {
    if (value instanceof Scalar) {
      rule.problem(value.at(), key, "expected " + COUNTS_FORM + ", got " + value.kind());
      return Optional.empty();
    }
    return ValueList.read(value, key, COUNTS_FORM, rule, Counted::parse).map(Set::copyOf);
  }

  private static Optional<List<LimitDimension>> per(YamlNode value, String key, RuleContext rule) {
    if (value instanceof Sequence none && none.items().isEmpty()) {
      return Optional.of(List.of());
    }
    if (value instanceof Scalar) {
      rule.problem(value.at(), key, "expected " + PER_FORM + ", got " + value.kind());
      return Optional.empty();
    }
    return ValueList.read(value, key, PER_FORM, rule, LimitDimension::parse);
  }
}
