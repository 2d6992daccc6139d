package dev.countersign.policy.rule;

import dev.countersign.core.model.IpAddress;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.Origin;
import dev.countersign.policy.yaml.YamlNode;
import java.util.Optional;
import java.util.Set;

/// `sources`: where the connection came from that the request was received on. Where nobody knows,
/// a rule that allows does not match, and one that restricts does.
///
/// @param restricts whether its rule does
public record SourceCriterion(Set<IpRange> listed, boolean restricts, String expected)
    implements SubjectCriterion {
  private static final String FORM =
      "any, or a list of IP addresses and CIDR ranges such as 10.0.0.0/8";

  static final CriterionKind KIND =
      new CriterionKind("sources", CriterionKind.Presence.OPTIONAL, FORM, SourceCriterion::read);

  private static Optional<SourceCriterion> read(YamlNode value, RuleContext rule) {
    return ValueList.read(value, KIND.key(), FORM, rule, IpRange::parse)
        .map(
            all ->
                new SourceCriterion(
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
        .flatMap(Origin::source)
        .map(source -> listed.stream().anyMatch(range -> range.contains(source)))
        .orElse(restricts);
  }

  @Override
  public String observed(PolicySubject subject) {
    return subject.origin().flatMap(Origin::source).map(IpAddress::toString).orElse("nobody knows");
  }
}
