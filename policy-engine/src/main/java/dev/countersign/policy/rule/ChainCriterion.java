package dev.countersign.policy.rule;

import dev.countersign.core.model.ChainId;
import dev.countersign.policy.rule.IndexDimension.Listing;
import dev.countersign.policy.yaml.YamlNode;
import java.util.Optional;
import java.util.Set;

/// `chains`: the chain it is signed for. A message that is good on every chain is on none that a
/// rule that allows lists, and on each that a rule that restricts does.
///
/// @param restricts whether its rule does
public record ChainCriterion(Set<ChainId> chains, boolean restricts, String expected)
    implements ActionCriterion, Listing {
  private static final String FORM = "any, or a list of CAIP-2 ids such as eip155:1";

  static final CriterionKind KIND =
      new CriterionKind("chains", CriterionKind.Presence.WHEN_ALLOWING, FORM, ChainCriterion::read);

  private static Optional<ChainCriterion> read(YamlNode value, RuleContext rule) {
    return ValueList.read(value, KIND.key(), FORM, rule, ChainId::new)
        .map(
            chains ->
                new ChainCriterion(
                    Set.copyOf(chains), rule.effect() != Effect.ALLOW, ValueList.oneOf(chains)));
  }

  @Override
  public IndexDimension dimension() {
    return IndexDimension.CHAIN;
  }

  @Override
  public Set<?> listed() {
    return chains;
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedAction action) {
    return action.isForEveryChain() ? restricts : chains.contains(action.subject().chain());
  }

  @Override
  public String observed(JudgedAction action) {
    return action.isForEveryChain() ? "every chain" : action.subject().chain().toString();
  }
}
