package dev.countersign.cli.request;

import dev.countersign.cli.CommandException;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.HiddenRoute;
import dev.countersign.core.approval.Quorum;
import dev.countersign.core.decision.Awaited;
import dev.countersign.core.decision.ExplainedAction;
import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.decision.RuleOutcome.UnmetCriterion;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.PriceStatement;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The forecast that a server sent.
public final class ReceivedForecast {
  private ReceivedForecast() {}

  /// Reads it.
  ///
  /// @throws CommandException when it has a form that this release does not know
  public static Forecast of(dev.countersign.api.v1.Forecast message) {
    try {
      var decision = message.getDecision();
      return new Forecast(
          new PolicyVersion(
              decision.getPolicyVersion(),
              Digest32.of(Bytes.fromHex(decision.getPolicyHash()).toArray())),
          message.getAllowed(),
          decision.getRule(),
          outcomes(decision.getOutcomesList()),
          decision.getReason(),
          message.hasAwaited() ? Optional.of(awaited(message.getAwaited())) : Optional.empty(),
          message.getActionsList().stream().map(ReceivedForecast::action).toList(),
          Optional.of(message.getRoute())
              .filter(route -> !route.isEmpty())
              .map(HiddenRoute::parse));
    } catch (InvalidValueException | NumberFormatException e) {
      throw CommandException.unavailable(
          "the server's forecast is none that this version can read: " + e.getMessage(), e);
    }
  }

  private static Awaited awaited(dev.countersign.api.v1.Awaited message) {
    return new Awaited(
        message.getDemandsList().stream()
            .map(
                demand ->
                    new Awaited.Demanded(
                        demand.getRule(),
                        demand.hasQuorum()
                            ? Optional.of(Quorum.parse(demand.getQuorum().getText()))
                            : Optional.empty(),
                        duration(demand.getLifetime()),
                        duration(demand.getDelay())))
            .toList(),
        message.hasQuorum()
            ? Optional.of(Quorum.parse(message.getQuorum().getText()))
            : Optional.empty(),
        duration(message.getLifetime()),
        duration(message.getDelay()),
        message.getExcludedList().stream().map(ApproverName::new).collect(Collectors.toSet()));
  }

  private static ExplainedAction action(dev.countersign.api.v1.ExplainedAction message) {
    return new ExplainedAction(
        message.getPath(),
        message.getOperation(),
        Address.parse(message.getAccount()),
        AssetId.parse(message.getAsset()),
        new BigInteger(message.getAmount()),
        message.getDestination().isEmpty()
            ? Optional.empty()
            : Optional.of(Address.parse(message.getDestination())),
        new BigInteger(message.getGasCost()),
        outcomes(message.getOutcomesList()),
        message.getLimitsList().stream()
            .map(
                use ->
                    new LimitUse(
                        use.getCounter(),
                        use.hasWindow()
                            ? new LimitWindow.Sliding(duration(use.getWindow()))
                            : LimitWindow.LIFETIME,
                        new BigInteger(use.getMaximum()),
                        new BigInteger(use.getBefore()),
                        new BigInteger(use.getAfter())))
            .toList(),
        message.getPricesList().stream().map(ReceivedForecast::price).toList());
  }

  private static PriceStatement price(dev.countersign.api.v1.ExplainedAction.QuotedPrice message) {
    return new PriceStatement(
        new FeedName(message.getFeed()),
        AssetId.parse(message.getAsset()),
        message.getDecimals(),
        new CurrencyCode(message.getCurrency()),
        PriceStatement.parsePrice(message.getPrice()),
        Instant.ofEpochSecond(message.getAsOfTime().getSeconds()));
  }

  private static List<RuleOutcome> outcomes(List<dev.countersign.api.v1.RuleOutcome> messages) {
    return messages.stream()
        .map(
            message ->
                new RuleOutcome(
                    message.getRule(),
                    message.getEffect().name().replace("EFFECT_", ""),
                    message.hasUnmet()
                        ? Optional.of(
                            new UnmetCriterion(
                                message.getUnmet().getCriterion(),
                                message.getUnmet().getExpected(),
                                message.getUnmet().getObserved()))
                        : Optional.empty()))
        .toList();
  }

  private static Duration duration(com.google.protobuf.Duration message) {
    return Duration.ofSeconds(message.getSeconds());
  }
}
