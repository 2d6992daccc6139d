package dev.countersign.policy.rule;

import dev.countersign.core.model.ClientId;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.rule.IndexDimension.Listing;
import dev.countersign.policy.rule.NameGroups.Named;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// `initiators`: the client that asks.
public record InitiatorCriterion(Set<ClientId> initiators, String expected)
    implements SubjectCriterion, Listing {
  static final CriterionKind KIND =
      CriterionKind.list(
          "initiators",
          CriterionKind.Presence.WHEN_ALLOWING,
          "any, or a list of client ids and names under `clients`",
          (text, rule) -> {
            // A group that is not declared is taken for an id, which has the same form.
            Named named = rule.vocabulary().clients().named(text);
            named.members().forEach(ClientId::new);
            return named;
          },
          InitiatorCriterion::of);

  private static InitiatorCriterion of(List<Named> listed) {
    return new InitiatorCriterion(
        listed.stream()
            .flatMap(named -> named.members().stream())
            .map(ClientId::new)
            .collect(Collectors.toUnmodifiableSet()),
        ValueList.oneOf(listed));
  }

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
