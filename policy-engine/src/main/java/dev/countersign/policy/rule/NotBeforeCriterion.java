package dev.countersign.policy.rule;

import dev.countersign.core.port.PolicySubject;
import java.time.Instant;

/// `notBefore`: a rule that begins at a time, that moment included.
public record NotBeforeCriterion(Instant first) implements SubjectCriterion {
  static final String KEY = "notBefore";

  static final CriterionKind KIND =
      new CriterionKind(
          KEY,
          CriterionKind.Presence.OPTIONAL,
          InstantText.FORM,
          (value, rule) -> InstantText.read(value, KEY, rule).map(NotBeforeCriterion::new));

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public boolean isTimed() {
    return true;
  }

  @Override
  public boolean holds(PolicySubject subject) {
    return !subject.at().isBefore(first);
  }

  @Override
  public String expected() {
    return first + " or later";
  }

  @Override
  public String observed(PolicySubject subject) {
    return subject.at().toString();
  }
}
