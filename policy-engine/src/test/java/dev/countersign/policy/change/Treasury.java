package dev.countersign.policy.change;

import static dev.countersign.policy.sample.PolicyDatabase.CLIENT;
import static dev.countersign.policy.sample.Samples.allowing;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.policy.change.Proposals.Deciding;
import dev.countersign.policy.change.Proposals.Proposing;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.TestPerson;
import java.nio.charset.StandardCharsets;

/// Two of bea, bob and carol change the policy; carol is the client policy-desk.
final class Treasury {
  static final TestPerson BEA = new TestPerson("bea", 1);
  static final TestPerson BOB = new TestPerson("bob", 2);
  static final TestPerson CAROL = new TestPerson("carol", 3);
  static final TestPerson BEAS_SECOND = new TestPerson("bea", 4);

  private Treasury() {}

  /// @param rule the name of its only rule
  /// @param delay of the policy after it; `PT0S` for none
  static String policy(String rule, String delay) {
    String people =
        """
        format: countersign/policy/v1
        approvers:
          bea: {keys: ["%s", "%s"]}
          %s
          carol: {keys: ["%s"], client: policy-desk}
        groups: {treasury: [bea, bob, carol]}
        changes: {approvals: {group: treasury, count: 2}%s}
        """
            .formatted(
                BEA.key().text(),
                BEAS_SECOND.key().text(),
                BOB.yaml(),
                CAROL.key().text(),
                delay.equals("PT0S") ? "" : ", delay: " + delay);
    return allowing()
        .replace("name: pay", "name: " + rule)
        .replace("format: countersign/policy/v1\n", people);
  }

  static Bytes bytes(String yaml) {
    return Bytes.of(yaml.getBytes(StandardCharsets.UTF_8));
  }

  static Proposal propose(Instance instance, String yaml, PolicyVersion seen, ClientId by) {
    return switch (instance.proposals().propose(bytes(yaml), seen, "why not", by, CLIENT)) {
      case Proposing.Proposed(Proposal proposal) -> proposal;
      case Proposing refused -> throw new AssertionError(refused);
    };
  }

  static Proposal counted(Instance instance, Proposal proposal, TestPerson by) {
    Approval approval = by.approves(proposal.statement());
    return switch (instance.proposals().decide(proposal.id(), approval, "", CLIENT)) {
      case Deciding.Counted(Proposal counted) -> counted;
      case Deciding refused -> throw new AssertionError(refused);
    };
  }

  static String notCounted(Instance instance, Proposal proposal, Approval approval) {
    return switch (instance.proposals().decide(proposal.id(), approval, "", CLIENT)) {
      case Deciding.NotCounted(String reason) -> reason;
      case Deciding counted -> throw new AssertionError(counted);
    };
  }
}
