package dev.countersign.policy.document;

import dev.countersign.core.decision.Decision;
import dev.countersign.policy.approval.PolicyApprovers;
import dev.countersign.policy.rule.Criteria;
import dev.countersign.policy.rule.Criterion;
import dev.countersign.policy.rule.CriterionKind;
import dev.countersign.policy.rule.Demand;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.rule.PolicyName;
import dev.countersign.policy.rule.RelayTerms;
import dev.countersign.policy.rule.RollingLimit;
import dev.countersign.policy.rule.RollingLimitReader;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.rule.RuleContext;
import dev.countersign.policy.rule.Vocabulary;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads one rule.
final class RuleReader {
  /// Every key a rule may have, in the order in which messages list them.
  static final List<String> KEYS =
      Stream.of(
              Stream.of("name", "effect", "description"),
              Criteria.KINDS.stream().map(CriterionKind::key),
              Stream.of(RollingLimitReader.KEY),
              Stream.of(RelayTerms.KEY),
              DemandReader.KEYS.stream())
          .flatMap(keys -> keys)
          .toList();

  private static final String EFFECTS = "ALLOW, DENY, REQUIRE or DELAY";

  private RuleReader() {}

  /// @return nothing when it has no name or effect; what is wrong is among the problems
  static Optional<Rule> read(Fields fields, Vocabulary vocabulary, PolicyApprovers approvers) {
    fields.refuseOthersThan(KEYS);
    Optional<String> name =
        PolicyName.read(fields, "name").filter(text -> notReserved(text, fields));
    Optional<Effect> effect = effect(fields);
    String description =
        fields
            .find("description")
            .flatMap(value -> fields.text(value, "description", "text"))
            .map(Scalar::text)
            .orElse("");
    if (name.isEmpty() || effect.isEmpty()) {
      return Optional.empty();
    }
    RuleContext rule = new RuleContext(fields, effect.get(), vocabulary);
    Optional<Demand> demand = DemandReader.read(rule, approvers);
    if (demand.isPresent() != rule.effect().isDemanding()) {
      return Optional.empty();
    }
    return Optional.of(
        new Rule(
            name.get(),
            effect.get(),
            description,
            criteria(rule),
            limits(rule),
            demand,
            RelayTerms.read(rule)));
  }

  private static boolean notReserved(String name, Fields fields) {
    String meaning =
        switch (name) {
          case Decision.DEFAULT_DENY -> "what happens when no rule allows";
          case Decision.FROZEN -> "what happens to what is frozen";
          default -> "";
        };
    if (meaning.isEmpty()) {
      return true;
    }
    fields
        .problems()
        .add(fields.mapping().at(), fields.path("name"), name + " is the name of " + meaning);
    return false;
  }

  private static Optional<Effect> effect(Fields fields) {
    return fields
        .requireText("effect", EFFECTS)
        .flatMap(
            text ->
                switch (text.text()) {
                  case "ALLOW" -> Optional.of(Effect.ALLOW);
                  case "DENY" -> Optional.of(Effect.DENY);
                  case "REQUIRE" -> Optional.of(Effect.REQUIRE);
                  case "DELAY" -> Optional.of(Effect.DELAY);
                  default -> {
                    fields
                        .problems()
                        .add(
                            text.at(),
                            fields.path("effect"),
                            "expected " + EFFECTS + ", got " + text.kind());
                    yield Optional.empty();
                  }
                });
  }

  private static List<Criterion> criteria(RuleContext rule) {
    List<Criterion> criteria = new ArrayList<>();
    for (CriterionKind kind : Criteria.KINDS) {
      Optional<YamlNode> value = rule.sibling(kind.key());
      value.ifPresent(node -> refuseWhereItCannotBe(kind, node, rule));
      if (value.isEmpty() && kind.presence().isRequired(rule.effect())) {
        rule.problem(
            rule.fields().mapping().at(),
            kind.key(),
            "is missing: a rule that allows says it, expected " + kind.form());
      }
      value.flatMap(node -> kind.read(node, rule)).ifPresent(criteria::add);
      if (value.isEmpty()) {
        kind.unsaid(rule.effect()).ifPresent(criteria::add);
      }
    }
    return criteria;
  }

  private static void refuseWhereItCannotBe(CriterionKind kind, YamlNode value, RuleContext rule) {
    if (!kind.presence().isPossible(rule.effect())) {
      rule.problem(
          value.at(),
          kind.key(),
          rule.effect() == Effect.ALLOW
              ? "only a rule that restricts has one; a rule that allows has `maximum`"
              : "only a rule that allows has one; a rule that restricts has `above` and `limits`");
    }
  }

  private static List<RollingLimit> limits(RuleContext rule) {
    return rule.sibling(RollingLimitReader.KEY)
        .map(value -> RollingLimitReader.read(value, rule))
        .orElse(List.of());
  }
}
