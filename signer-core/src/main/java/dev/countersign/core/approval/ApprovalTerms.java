package dev.countersign.core.approval;

import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Slug;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Why an approval is asked for, of whom, and until when.
///
/// @param policy whose rules ask; an approval is void under another
/// @param rules the names of the rules that ask, one or more, in the policy's order
/// @param route how it gets to its chain, where that is not by the nodes
/// @param delay how long it waits after it is approved; whole seconds, zero for not at all
/// @param asked when; whole seconds
/// @param expires from when on no approval counts; whole seconds
public record ApprovalTerms(
    PolicyVersion policy,
    List<String> rules,
    Optional<HiddenRoute> route,
    Quorum quorum,
    Duration delay,
    Instant asked,
    Instant expires) {
  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
  private static final Duration LONGEST_DELAY = Duration.ofDays(3660);
  private static final long MOST_POLICIES = 999_999_999_999_999_999L;
  private static final int MOST_RULES = 256;

  public ApprovalTerms {
    rules = List.copyOf(rules);
    if (policy.number() < 1 || policy.number() > MOST_POLICIES) {
      throw InvalidValueException.of(
          "policy", Long.toString(policy.number()), "1 to " + MOST_POLICIES);
    }
    if (rules.isEmpty() || rules.size() > MOST_RULES) {
      throw InvalidValueException.of("rules", rules.size() + " rules", "1 to " + MOST_RULES);
    }
    rules.forEach(rule -> Slug.check("rule", rule));
    if (quorum.text().length() > QuorumText.LONGEST) {
      throw InvalidValueException.of(
          "quorum", quorum.text(), "at most " + QuorumText.LONGEST + " characters");
    }
    if (delay.isNegative()
        || delay.compareTo(LONGEST_DELAY) > 0
        || !delay.equals(delay.truncatedTo(ChronoUnit.SECONDS))) {
      throw InvalidValueException.of("delay", delay.toString(), "whole seconds, 0 to 3660 days");
    }
    check("asked", asked);
    check("expires", expires);
    if (!asked.isBefore(expires)) {
      throw InvalidValueException.of("expires", expires.toString(), "after " + asked);
    }
  }

  /// With the policy by its number and the SHA-256 of its document.
  public ApprovalTerms(
      long policy,
      Digest32 policyHash,
      List<String> rules,
      Quorum quorum,
      Duration delay,
      Instant asked,
      Instant expires) {
    this(new PolicyVersion(policy, policyHash), rules, quorum, delay, asked, expires);
  }

  /// Of what goes by the chain's nodes, or is a message.
  public ApprovalTerms(
      PolicyVersion policy,
      List<String> rules,
      Quorum quorum,
      Duration delay,
      Instant asked,
      Instant expires) {
    this(policy, rules, Optional.empty(), quorum, delay, asked, expires);
  }

  /// The same for what goes that way.
  public ApprovalTerms by(Optional<HiddenRoute> other) {
    return new ApprovalTerms(policy, rules, other, quorum, delay, asked, expires);
  }

  private static void check(String what, Instant time) {
    if (!time.equals(time.truncatedTo(ChronoUnit.SECONDS))
        || time.isBefore(EARLIEST)
        || time.isAfter(LATEST)) {
      throw InvalidValueException.of(what, time.toString(), "whole seconds of 1970 to 9999");
    }
  }
}
