package dev.countersign.policy.rule;

import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.Origin;
import dev.countersign.policy.yaml.YamlNode;
import java.util.Optional;
import java.util.Set;

/// `roles`: the roles that the client had when it asked; one of them suffices. Where nobody knows,
/// a rule that allows does not match, and one that restricts does.
///
/// @param restricts whether its rule does
public record RoleCriterion(Set<String> listed, boolean restricts, String expected)
    implements SubjectCriterion {
  private static final String FORM = "any, or a list of roles such as TRADER";

  static final CriterionKind KIND =
      new CriterionKind("roles", CriterionKind.Presence.OPTIONAL, FORM, RoleCriterion::read);

  private static Optional<RoleCriterion> read(YamlNode value, RuleContext rule) {
    return ValueList.read(value, KIND.key(), FORM, rule, Origin::checkRole)
        .map(
            all ->
                new RoleCriterion(
                    Set.copyOf(all), rule.effect() != Effect.ALLOW, ValueList.oneOf(all)));
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(PolicySubject subject) {
    return subject
        .origin()
        .map(origin -> origin.roles().stream().anyMatch(listed::contains))
        .orElse(restricts);
  }

  @Override
  public String observed(PolicySubject subject) {
    return subject
        .origin()
        .map(origin -> origin.roles().isEmpty() ? "none" : origin.roleText())
        .orElse("nobody knows");
  }
}
