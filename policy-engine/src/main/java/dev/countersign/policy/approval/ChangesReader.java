package dev.countersign.policy.approval;

import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.policy.rule.DurationText;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Problems;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads `changes` of a policy document: who may change it.
public final class ChangesReader {
  public static final String KEY = "changes";
  public static final List<String> KEYS = List.of(QuorumReader.KEY, "delay", "lifetime");

  private ChangesReader() {}

  /// @param root the document
  /// @return nothing without `changes`, and when they are wrong, which then is among the problems
  public static Optional<ChangeTerms> read(
      Fields root, PolicyApprovers approvers, Problems problems) {
    return root.find(KEY)
        .flatMap(value -> Fields.of(value, KEY, problems))
        .flatMap(fields -> terms(fields, approvers));
  }

  private static Optional<ChangeTerms> terms(Fields fields, PolicyApprovers approvers) {
    fields.refuseOthersThan(KEYS);
    Optional<RuleQuorum> quorum =
        fields
            .require(QuorumReader.KEY, QuorumReader.FORM)
            .flatMap(
                value ->
                    QuorumReader.read(
                        value,
                        fields.path(QuorumReader.KEY),
                        approvers.groups(),
                        fields.problems()));
    Optional<Duration> delay = duration(fields, "delay", Duration.ZERO);
    Optional<Duration> lifetime = duration(fields, "lifetime", ChangeTerms.USUAL_LIFETIME);
    return quorum.flatMap(
        who -> delay.flatMap(wait -> lifetime.map(length -> new ChangeTerms(who, wait, length))));
  }

  private static Optional<Duration> duration(Fields fields, String key, Duration usual) {
    return fields.find(key).isEmpty()
        ? Optional.of(usual)
        : fields
            .requireText(key, DurationText.FORM)
            .flatMap(text -> DurationText.read(text, key, fields));
  }
}
