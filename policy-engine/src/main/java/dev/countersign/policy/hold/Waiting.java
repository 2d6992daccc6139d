package dev.countersign.policy.hold;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApprovalEvidence;
import dev.countersign.core.approval.ApprovalStatement;
import dev.countersign.core.approval.ApprovalTally;
import dev.countersign.core.approval.ApprovalTerms;
import dev.countersign.core.approval.ApproverRegistry;
import dev.countersign.core.approval.HiddenRoute;
import dev.countersign.core.decision.Hold;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.Route;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.evaluation.Conditions;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Whether a request that is allowed on conditions has what they ask for.
///
/// @param now the database's clock, whole seconds
public record Waiting(PolicyVersion policy, ApproverRegistry registry, Instant now) {

  /// What came of asking.
  public sealed interface Outcome {
    /// All is there.
    ///
    /// @param evidence the approvals that count; nothing when nobody has to approve
    record Ready(Optional<ApprovalEvidence> evidence) implements Outcome {}

    /// It waits.
    ///
    /// @param stored to be saved
    record Waits(StoredHold stored, Hold hold) implements Outcome {}

    /// It is not signed.
    record Over(String reason) implements Outcome {}
  }

  /// @param gasCost the most that gas may cost now
  /// @param gasCap the most that the rules let gas cost, where they say it
  /// @param route how it would get to its chain
  /// @param known what it waited for so far; what was asked under another policy, or for something
  ///     else, is asked anew
  /// @param approvals all that was ever said of it
  public Outcome ask(
      PolicySubject subject,
      Conditions conditions,
      BigInteger gasCost,
      Optional<BigInteger> gasCap,
      Route route,
      Optional<StoredHold> known,
      Collection<Approval> approvals) {
    StoredHold hold =
        known
            .filter(one -> one.isFor(policy.number(), conditions.text()))
            .filter(one -> one.statement().equals(statement(subject, conditions, route, one)))
            .orElseGet(() -> begin(subject, conditions, gasCost, gasCap, route));
    if (gasCost.compareTo(hold.gasCap().value()) > 0) {
      return new Outcome.Over(
          "gas may cost %s wei now, and was asked to cost %s wei at most"
              .formatted(gasCost, hold.gasCap()));
    }
    return conditions
        .quorum()
        .map(_ -> askApprovers(conditions, hold, approvals))
        .orElseGet(() -> askTime(conditions, hold, Optional.empty()));
  }

  private StoredHold begin(
      PolicySubject subject,
      Conditions conditions,
      BigInteger gasCost,
      Optional<BigInteger> gasCap,
      Route route) {
    boolean needsApproval = conditions.quorum().isPresent();
    StoredHold hold =
        new StoredHold(
            subject.request(),
            policy.number(),
            conditions.text(),
            new Wei(gasCap.orElseGet(() -> withRoom(subject, gasCost))),
            now,
            needsApproval ? Optional.of(now.plus(conditions.lifetime())) : Optional.empty(),
            Optional.empty(),
            needsApproval ? Optional.empty() : Optional.of(now.plus(conditions.delay())));
    return hold.asking(statement(subject, conditions, route, hold));
  }

  /// Where no rule says it: twice what gas costs now. Of blobs, four times: nodes want a speed-up
  /// to offer twice as much, and a cancellation of that twice as much again.
  private static BigInteger withRoom(PolicySubject subject, BigInteger gasCost) {
    boolean isOfBlobs =
        subject.content().envelope().filter(Envelope.Blobs.class::isInstance).isPresent();
    return gasCost.shiftLeft(isOfBlobs ? 2 : 1);
  }

  private Outcome askApprovers(
      Conditions conditions, StoredHold hold, Collection<Approval> approvals) {
    ApprovalStatement statement = hold.statement().orElseThrow();
    // What was in time stays so, however long the time lock takes after it.
    Instant counted = hold.opensAt().map(opens -> opens.minus(conditions.delay())).orElse(now);
    return switch (ApprovalTally.of(statement, registry, approvals, counted).outcome()) {
      case ApprovalTally.Outcome.Met(List<Approval> met) ->
          askTime(
              conditions,
              hold.opensAt().isPresent() ? hold : hold.opening(now.plus(conditions.delay())),
              Optional.of(new ApprovalEvidence(statement, met)));
      case ApprovalTally.Outcome.Waiting waiting ->
          waiting.isPossible()
              ? new Outcome.Waits(
                  hold,
                  new Hold(
                      conditions.ruleNames(),
                      Hold.Kind.APPROVALS,
                      statement.terms().expires(),
                      "waits for approval until %s: %s"
                          .formatted(statement.terms().expires(), waiting.missing())))
              : new Outcome.Over(
                  "those who may approve it are too few without whoever asked: "
                      + waiting.missing());
      case ApprovalTally.Outcome.Rejected(Approval by) ->
          new Outcome.Over("rejected by " + by.approver());
      case ApprovalTally.Outcome.Expired(Instant at) ->
          new Outcome.Over("its approvers had time until " + at);
    };
  }

  /// What approvers of `hold` sign: made of the request itself, each time anew.
  private Optional<ApprovalStatement> statement(
      PolicySubject subject, Conditions conditions, Route route, StoredHold hold) {
    return conditions
        .quorum()
        .map(
            quorum ->
                ApprovalStatement.of(
                    subject.request(),
                    subject.key(),
                    subject.content(),
                    subject.wallet().address(),
                    hold.gasCap(),
                    new ApprovalTerms(
                            policy,
                            conditions.ruleNames(),
                            quorum,
                            conditions.delay(),
                            hold.askedAt(),
                            hold.expiresAt().orElseThrow())
                        .by(
                            subject.content().isMessage()
                                ? Optional.empty()
                                : HiddenRoute.of(route))));
  }

  private Outcome askTime(
      Conditions conditions, StoredHold hold, Optional<ApprovalEvidence> evidence) {
    Instant opens = hold.opensAt().orElseThrow();
    return now.isBefore(opens)
        ? new Outcome.Waits(
            hold,
            new Hold(
                conditions.ruleNames(),
                Hold.Kind.TIME_LOCK,
                opens,
                "time lock until %s, by %s"
                    .formatted(opens, String.join(", ", conditions.ruleNames()))))
        : new Outcome.Ready(evidence);
  }
}
