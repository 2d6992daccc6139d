package dev.countersign.policy.rule;

import dev.countersign.core.action.StatedFunction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.rule.IndexDimension.Listing;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.util.Optional;
import java.util.Set;

/// `function`: the function of a contract call by its signature, so that `arguments` can be about
/// what it is given. Only in rules about contract calls alone.
public record FunctionCriterion(StatedFunction function) implements ActionCriterion, Listing {
  static final String KEY = "function";

  static final CriterionKind KIND =
      new CriterionKind(
          KEY,
          CriterionKind.Presence.OPTIONAL,
          "a canonical signature such as swap(address,uint256)",
          FunctionCriterion::read);

  private static Optional<FunctionCriterion> read(YamlNode value, RuleContext rule) {
    if (!SelectorCriterion.onlyContractCalls(rule)) {
      rule.problem(
          value.at(), KEY, "only with `operations: [contract-call]`, and nothing beside it");
    }
    if (rule.sibling(SelectorCriterion.KIND.key()).isPresent()) {
      rule.problem(value.at(), KEY, "excludes `selectors`");
    }
    Optional<StatedFunction> stated = stated(value);
    if (stated.isEmpty()) {
      rule.problem(value.at(), KEY, "expected " + KIND.form() + ", got " + value.kind());
    }
    return stated.map(FunctionCriterion::new);
  }

  /// What is wrong is told where the function itself is read.
  static Optional<StatedFunction> stated(YamlNode value) {
    try {
      return value instanceof Scalar text
          ? Optional.of(StatedFunction.parse(text.text()))
          : Optional.empty();
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  @Override
  public IndexDimension dimension() {
    return IndexDimension.SELECTOR;
  }

  @Override
  public Set<?> listed() {
    return Set.of(function.selector());
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public boolean holds(JudgedAction action) {
    return action.selector().filter(function.selector()::equals).isPresent();
  }

  @Override
  public String expected() {
    return "%s (%s)".formatted(function, function.selector().hex());
  }

  @Override
  public String observed(JudgedAction action) {
    return action.selector().map(Bytes::hex).orElse("no contract call");
  }
}
