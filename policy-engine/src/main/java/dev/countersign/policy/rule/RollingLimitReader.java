package dev.countersign.policy.rule;

import dev.countersign.core.decision.LimitWindow;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
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
  private static final String COUNTS_FORM = "a list of value, gas; or [actions]";
  private static final String WINDOW_FORM = DurationText.FORM + "; or lifetime";

  private static final Set<Counted> GAS_ALONE = Set.of(Counted.GAS);
  private static final Set<Counted> ACTIONS_ALONE = Set.of(Counted.ACTIONS);

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
    Optional<Set<Counted>> counts = counts(fields, key, rule);
    Optional<RuleAmount> maximum = maximum(fields, key, rule, counts);
    Optional<LimitWindow> window =
        fields
            .requireText("window", WINDOW_FORM)
            .flatMap(text -> window(text, key + ".window", rule));
    Optional<List<LimitDimension>> per =
        fields
            .find("per")
            .map(value -> per(value, key + ".per", rule))
            .orElse(Optional.of(List.of()));
    if (name.isEmpty()
        || counts.isEmpty()
        || maximum.isEmpty()
        || window.isEmpty()
        || per.isEmpty()) {
      return Optional.empty();
    }
    boolean inCurrency = maximum.get().quotation().isPresent();
    Set<Counted> added =
        counts.get().isEmpty() ? unsaid(inCurrency || maximum.get().isNative()) : counts.get();
    if (added.contains(Counted.GAS) && !inCurrency && !maximum.get().isNative()) {
      rule.problem(
          fields.find("counts").orElseThrow().at(),
          key + ".counts",
          "gas is not paid in the token: expected [value], and a limit of its own with [gas]");
      return Optional.empty();
    }
    return Optional.of(
        new RollingLimit(
            name.get(),
            maximum.get().asset(),
            added,
            maximum.get().value(),
            window.get(),
            per.get(),
            maximum.get().quotation()));
  }

  /// What counts when a limit does not say: of a native asset, and in a currency, all that leaves
  /// the wallet.
  private static Set<Counted> unsaid(boolean withGas) {
    return withGas ? Set.of(Counted.VALUE, Counted.GAS) : Set.of(Counted.VALUE);
  }

  private static Optional<RuleAmount> maximum(
      Fields fields, String key, RuleContext rule, Optional<Set<Counted>> counts) {
    String place = key + ".maximum";
    Set<Counted> said = counts.orElse(Set.of());
    return fields
        .require("maximum", "an amount")
        .flatMap(
            value -> {
              if (MoneyCriterion.isWritten(value) && !said.equals(ACTIONS_ALONE)) {
                return RuleAmount.readMoney(value, place, rule);
              }
              if (said.equals(GAS_ALONE)) {
                return RuleAmount.readNative(value, place, rule);
              }
              return said.equals(ACTIONS_ALONE)
                  ? RuleAmount.readNumber(value, place, rule)
                  : RuleAmount.read(value, place, rule);
            });
  }

  private static Optional<LimitWindow> window(Scalar text, String key, RuleContext rule) {
    return text.text().equals(LimitWindow.Lifetime.TEXT)
        ? Optional.of(LimitWindow.LIFETIME)
        : DurationText.read(text, WINDOW_FORM, key, rule).map(LimitWindow.Sliding::new);
  }

  /// @return an empty set when the limit does not say; nothing when what it says is wrong
  private static Optional<Set<Counted>> counts(Fields fields, String key, RuleContext rule) {
    Optional<YamlNode> written = fields.find("counts");
    if (written.isEmpty()) {
      return Optional.of(Set.of());
    }
    Optional<Set<Counted>> said = counts(written.get(), key + ".counts", rule);
    if (said.isPresent() && said.get().contains(Counted.ACTIONS) && said.get().size() > 1) {
      rule.problem(
          written.get().at(),
          key + ".counts",
          "actions are counted alone: expected [actions], and a limit of its own for the amounts");
      return Optional.empty();
    }
    return said;
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
