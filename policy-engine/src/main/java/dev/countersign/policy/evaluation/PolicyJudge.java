package dev.countersign.policy.evaluation;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.evm.TransactionDecoder.Outcome;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.rule.Criterion;
import dev.countersign.policy.rule.JudgedTransaction;
import dev.countersign.policy.rule.RollingLimit;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.rule.ScopeKey;
import dev.countersign.policy.rule.SubjectCriterion;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Judges bytes by a policy. Whatever goes wrong is a denial that says so.
public final class PolicyJudge {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyJudge.class);

  private PolicyJudge() {}

  /// Total and deterministic: any bytes give a verdict, and the same arguments the same one.
  ///
  /// @param payload the bytes whose hash would be signed; nothing else is believed about what they
  /// do
  public static Verdict judge(
      PolicyDocument policy, PolicySubject subject, Bytes payload, SpendingView spending) {
    try {
      return switch (TransactionDecoder.decode(payload)) {
        case Outcome.Undecodable undecodable ->
            cannotJudge(
                "the bytes are no transaction that is signed here: "
                    + undecodable.problem()
                    + ": "
                    + undecodable.detail());
        case Outcome.Decoded decoded -> judge(policy, subject, decoded.transaction(), spending);
      };
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("judging request {} failed, so it is denied", subject.request(), e);
      return cannotJudge("an error while judging it: " + e.getClass().getSimpleName());
    }
  }

  private static Verdict judge(
      PolicyDocument policy,
      PolicySubject subject,
      UnsignedTransaction transaction,
      SpendingView spending) {
    if (!transaction.chain().equals(subject.chain())) {
      return cannotJudge(
          "the bytes are for chain %s, expected %s"
              .formatted(transaction.chain(), subject.chain()));
    }
    return PolicyEvaluation.of(policy, JudgedTransaction.of(subject, transaction), spending);
  }

  /// The denial of what cannot be judged by rules at all.
  public static Verdict.Deny cannotJudge(String reason) {
    return new Verdict.Deny(Decision.DEFAULT_DENY, List.of(), reason, true);
  }

  /// Every scope that judging `subject` may look at or charge, whatever its bytes turn out to do,
  /// with the length of its window; in the order in which scopes are locked.
  public static SortedMap<ScopeKey, Duration> scopes(PolicyDocument policy, PolicySubject subject) {
    SortedMap<ScopeKey, Duration> scopes = new TreeMap<>();
    for (Rule rule : policy.rules()) {
      if (rule.limits().isEmpty() || !mayMatch(rule, subject)) {
        continue;
      }
      for (RollingLimit limit : rule.limits()) {
        limit.scope(rule.name(), subject).ifPresent(scope -> scopes.put(scope, limit.window()));
      }
    }
    return scopes;
  }

  private static boolean mayMatch(Rule rule, PolicySubject subject) {
    for (Criterion criterion : rule.criteria()) {
      if (criterion instanceof SubjectCriterion known && !known.holds(subject)) {
        return false;
      }
    }
    return true;
  }
}
