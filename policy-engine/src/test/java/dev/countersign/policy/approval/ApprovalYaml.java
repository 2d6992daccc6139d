package dev.countersign.policy.approval;

import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Problem;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/// The part of a policy document that names approvers, read by itself.
record ApprovalYaml(PolicyApprovers approvers, Optional<RuleQuorum> quorum, String problems) {
  /// RFC 8032, section 7.1: the public keys of tests 1 and 2.
  static final String KEY_1 = "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

  static final String KEY_2 = "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";

  /// RFC 6979, appendix A.2.5.
  static final String KEY_3 = "p256:A2D+1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p+2";

  static final String TREASURY =
      """
      approvers:
        alice: {keys: ["%s"], client: alice-laptop}
        bob: {keys: ["%s"]}
        carol: {keys: ["%s"]}
      groups:
        treasury: [alice, bob, carol]
        risk: [carol]
      """
          .formatted(KEY_1, KEY_2, KEY_3);

  /// @param yaml a document; what is at `approvals` is read as that of a rule
  static ApprovalYaml read(String yaml) {
    Problems problems = new Problems();
    Fields root =
        YamlReader.read(yaml.getBytes(StandardCharsets.UTF_8), problems)
            .flatMap(node -> Fields.of(node, "", problems))
            .orElseThrow();
    PolicyApprovers approvers = ApproverRegistryReader.read(root, problems);
    Optional<RuleQuorum> quorum =
        root.find(QuorumReader.KEY)
            .flatMap(
                value -> QuorumReader.read(value, QuorumReader.KEY, approvers.groups(), problems));
    return new ApprovalYaml(
        approvers,
        quorum,
        problems.all().stream().map(Problem::toString).collect(Collectors.joining("\n")));
  }
}
