package dev.countersign.policy.rule;

import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.yaml.YamlNode;
import java.time.Instant;
import java.util.Optional;

/// `expires`: a rule that ends at a time, that moment not included.
public record ExpiresCriterion(Instant end) implements SubjectCriterion {
  static final CriterionKind KIND =
      new CriterionKind(
          "expires", CriterionKind.Presence.OPTIONAL, InstantText.FORM, ExpiresCriterion::read);

  private static Optional<ExpiresCriterion> read(YamlNode value, RuleContext rule) {
    Optional<Instant> end = InstantText.read(value, KIND.key(), rule);
    Optional<Instant> first =
        rule.sibling(NotBeforeCriterion.KEY)
            .flatMap(node -> InstantText.peek(node))
            .filter(begin -> end.isPresent() && !begin.isBefore(end.get()));
    first.ifPresent(
        begin ->
            rule.problem(
                value.at(), KIND.key(), "the rule ends before it begins, which is at " + begin));
    return end.map(ExpiresCriterion::new);
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean isTimed() {
    return true;
  }

  @Override
  public boolean holds(PolicySubject subject) {
    return subject.at().isBefore(end);
  }

  @Override
  public String expected() {
    return "a time before " + end;
  }

  @Override
  public String observed(PolicySubject subject) {
    return subject.at().toString();
  }
}
