package dev.countersign.policy.rule;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.rule.IndexDimension.Listing;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.util.Optional;
import java.util.Set;

/// `selectors`: the function of a contract call. Only in rules about contract calls alone, so that
/// nobody has to know what it would say of the others.
public record SelectorCriterion(Set<Bytes> selectors, String expected)
    implements ActionCriterion, Listing {
  static final CriterionKind KIND =
      new CriterionKind(
          "selectors",
          CriterionKind.Presence.OPTIONAL,
          "any, or a list of 4-byte selectors such as 0x095ea7b3",
          SelectorCriterion::read);

  private static Optional<SelectorCriterion> read(YamlNode value, RuleContext rule) {
    if (!onlyContractCalls(rule)) {
      rule.problem(
          value.at(), KIND.key(), "only with `operations: [contract-call]`, and nothing beside it");
    }
    return ValueList.read(value, KIND.key(), KIND.form(), rule, SelectorCriterion::selector)
        .map(all -> new SelectorCriterion(Set.copyOf(all), ValueList.oneOf(all)));
  }

  static boolean onlyContractCalls(RuleContext rule) {
    return rule.sibling(OperationCriterion.KIND.key()).orElse(null) instanceof Sequence operations
        && operations.items().size() == 1
        && operations.items().getFirst() instanceof Scalar operation
        && operation.text().equals(Operation.CONTRACT_CALL.toString());
  }

  private static Bytes selector(String text) {
    Bytes selector = Bytes.fromHex(text);
    if (selector.size() != Intent.ContractCall.SELECTOR_SIZE) {
      throw InvalidValueException.of("selector", text, "0x and 8 hex digits");
    }
    return selector;
  }

  @Override
  public IndexDimension dimension() {
    return IndexDimension.SELECTOR;
  }

  @Override
  public Set<?> listed() {
    return selectors;
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedAction action) {
    return action.selector().filter(selectors::contains).isPresent();
  }

  @Override
  public String observed(JudgedAction action) {
    return action.selector().map(Bytes::hex).orElse("no contract call");
  }
}
