package dev.countersign.policy.rule;

import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.Credential;
import dev.countersign.core.request.Origin;
import dev.countersign.policy.yaml.YamlNode;
import java.util.Optional;
import java.util.Set;

/// `credentials`: what the client showed to be let in. Where nobody knows, a rule that allows does
/// not match, and one that restricts does.
///
/// @param restricts whether its rule does
public record CredentialCriterion(Set<Credential> listed, boolean restricts, String expected)
    implements SubjectCriterion {
  private static final String FORM = "any, or a list of mutual-tls, bearer-token";

  static final CriterionKind KIND =
      new CriterionKind(
          "credentials", CriterionKind.Presence.OPTIONAL, FORM, CredentialCriterion::read);

  private static Optional<CredentialCriterion> read(YamlNode value, RuleContext rule) {
    return ValueList.read(value, KIND.key(), FORM, rule, Credential::parse)
        .map(
            all ->
                new CredentialCriterion(
                    Set.copyOf(all), rule.effect() != Effect.ALLOW, ValueList.oneOf(all)));
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(PolicySubject subject) {
    return subject.origin().map(Origin::credential).map(listed::contains).orElse(restricts);
  }

  @Override
  public String observed(PolicySubject subject) {
    return subject.origin().map(origin -> origin.credential().toString()).orElse("nobody knows");
  }
}
