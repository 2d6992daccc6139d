package dev.countersign.policy.rule;

import dev.countersign.core.model.ClientId;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.rule.IndexDimension.Listing;
import java.util.Set;

/// `initiators`: the client that asks.
public record InitiatorCriterion(Set<ClientId> initiators, String expected)
    implements SubjectCriterion, Listing {
  static final CriterionKind KIND =
      CriterionKind.list(
          "initiators",
          CriterionKind.Presence.WHEN_ALLOWING,
          "any, or a list of client ids",
          (text, rule) -> new ClientId(text),
          initiators ->
              new InitiatorCriterion(Set.copyOf(initiators), ValueList.oneOf(initiators)));

  @Override
  public IndexDimension dimension() {
    return IndexDimension.INITIATOR;
  }

  @Override
  public Set<?> listed() {
    return initiators;
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(PolicySubject subject) {
    return initiators.contains(subject.initiator());
  }

  @Override
  public String observed(PolicySubject subject) {
    return subject.initiator().toString();
  }
}
