package dev.countersign.policy.rule;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.rule.IndexDimension.Listing;
import java.util.Set;

/// `chains`: the chain it is signed for.
public record ChainCriterion(Set<ChainId> chains, String expected)
    implements SubjectCriterion, Listing {
  static final CriterionKind KIND =
      CriterionKind.list(
          "chains",
          CriterionKind.Presence.WHEN_ALLOWING,
          "any, or a list of CAIP-2 ids such as eip155:1",
          (text, rule) -> new ChainId(text),
          chains -> new ChainCriterion(Set.copyOf(chains), ValueList.oneOf(chains)));

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
  public boolean holds(PolicySubject subject) {
    return chains.contains(subject.chain());
  }

  @Override
  public String observed(PolicySubject subject) {
    return subject.chain().toString();
  }
}
