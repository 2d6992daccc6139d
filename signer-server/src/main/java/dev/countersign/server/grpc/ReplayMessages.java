package dev.countersign.server.grpc;

import dev.countersign.api.v1.FirstAnswer;
import dev.countersign.api.v1.ReplayResponse;
import dev.countersign.api.v1.Shadow;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.policy.replay.ReplayAnswer;
import dev.countersign.policy.replay.ReplayDifference;
import dev.countersign.policy.replay.ReplaySummary;
import dev.countersign.policy.shadow.ShadowDifference;
import java.util.Comparator;
import java.util.Optional;

/// What a replay finds, as messages.
final class ReplayMessages {
  private ReplayMessages() {}

  static ReplayResponse difference(ReplayDifference difference) {
    return ReplayResponse.newBuilder()
        .setDifference(
            dev.countersign.api.v1.ReplayDifference.newBuilder()
                .setRequest(RequestMessages.asked(difference.request()))
                .setClient(difference.request().key().client().value())
                .setJudgeTime(RequestMessages.timestamp(difference.at()))
                .setBefore(answer(difference.before()))
                .setBeforeRule(difference.beforeRule())
                .setAfter(answer(difference.after()))
                .setAfterRule(difference.afterRule())
                .setReason(difference.reason())
                .setFeesUnknown(difference.feesUnknown()))
        .build();
  }

  /// @param request what is stored of it now
  static dev.countersign.api.v1.ReplayDifference difference(
      ShadowDifference difference, Optional<SigningRequest> request) {
    var message =
        dev.countersign.api.v1.ReplayDifference.newBuilder()
            .setJudgeTime(RequestMessages.timestamp(difference.at()))
            .setBefore(answer(difference.before()))
            .setBeforeRule(difference.beforeRule())
            .setAfter(answer(difference.after()))
            .setAfterRule(difference.afterRule())
            .setReason(difference.reason())
            .setFeesUnknown(difference.feesUnknown());
    request.ifPresent(
        known ->
            message
                .setRequest(RequestMessages.asked(known))
                .setClient(known.key().client().value()));
    return message.build();
  }

  static Shadow shadow(dev.countersign.policy.shadow.Shadow shadow) {
    var message =
        Shadow.newBuilder()
            .setId(shadow.id().toString())
            .setPolicyHash(shadow.hash().hex())
            .setStartTime(RequestMessages.timestamp(shadow.startedAt()))
            .setStartedBy(shadow.startedBy())
            .setProblem(shadow.problem().orElse(""));
    shadow.stoppedAt().map(RequestMessages::timestamp).ifPresent(message::setStopTime);
    shadow.followedUntil().map(RequestMessages::timestamp).ifPresent(message::setFollowTime);
    shadow.summary().map(ReplayMessages::numbers).ifPresent(message::setSummary);
    return message.build();
  }

  static ReplayResponse summary(ReplaySummary summary) {
    return ReplayResponse.newBuilder().setSummary(numbers(summary)).build();
  }

  private static dev.countersign.api.v1.ReplaySummary numbers(ReplaySummary summary) {
    var message =
        dev.countersign.api.v1.ReplaySummary.newBuilder()
            .setCountersFrom(RequestMessages.timestamp(summary.countersFrom()))
            .setWarmedUp(summary.warmedUp())
            .setJudged(summary.judged())
            .setHeldOtherwise(summary.heldOtherwise())
            .setFeesUnknown(summary.feesUnknown())
            .setFrozen(summary.frozen())
            .setUnjudged(summary.unjudged())
            .setUnknownWallet(summary.unknownWallet());
    summary.answers().entrySet().stream()
        .sorted(
            Comparator.comparing(
                entry -> entry.getKey().before().name() + " " + entry.getKey().after().name()))
        .forEach(
            entry ->
                message.addAnswers(
                    dev.countersign.api.v1.ReplaySummary.Count.newBuilder()
                        .setBefore(answer(entry.getKey().before()))
                        .setAfter(answer(entry.getKey().after()))
                        .setCount(entry.getValue())));
    return message.build();
  }

  private static FirstAnswer answer(ReplayAnswer answer) {
    return switch (answer) {
      case ALLOWED -> FirstAnswer.FIRST_ANSWER_ALLOWED;
      case HELD -> FirstAnswer.FIRST_ANSWER_HELD;
      case DENIED -> FirstAnswer.FIRST_ANSWER_DENIED;
    };
  }
}
