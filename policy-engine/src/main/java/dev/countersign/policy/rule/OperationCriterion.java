package dev.countersign.policy.rule;

import dev.countersign.policy.rule.IndexDimension.Listing;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// `operations`: what sort of thing is done. A rule that allows names each one: `any` would allow
/// call data that nobody understands.
public record OperationCriterion(Set<Operation> operations, String expected)
    implements ActionCriterion, Listing {
  static final CriterionKind KIND =
      new CriterionKind(
          "operations",
          CriterionKind.Presence.WHEN_ALLOWING,
          "a list of " + Operation.all(),
          OperationCriterion::read);

  private static Optional<OperationCriterion> read(YamlNode value, RuleContext rule) {
    boolean any = value instanceof Scalar scalar && scalar.text().equals(ValueList.ANY);
    if (any && rule.effect() == Effect.ALLOW) {
      rule.problem(
          value.at(), KIND.key(), "a rule that allows names its operations: " + KIND.form());
    }
    return ValueList.read(value, KIND.key(), KIND.form(), rule, Operation::parse)
        .map(all -> new OperationCriterion(EnumSet.copyOf(all), ValueList.oneOf(all)));
  }

  public OperationCriterion {
    operations = Set.copyOf(operations);
  }

  @Override
  public IndexDimension dimension() {
    return IndexDimension.OPERATION;
  }

  @Override
  public Set<?> listed() {
    return operations;
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedAction action) {
    return operations.contains(action.operation());
  }

  @Override
  public String observed(JudgedAction action) {
    return action.operation().toString();
  }
}
