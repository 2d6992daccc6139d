package dev.countersign.server.grpc;

import dev.countersign.api.v1.Awaited;
import dev.countersign.api.v1.ExplainedAction;
import dev.countersign.api.v1.Forecast;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.HiddenRoute;
import dev.countersign.core.approval.Quorum;
import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.model.Address;
import dev.countersign.core.price.PriceStatement;
import java.time.Duration;
import java.util.List;

/// Forecasts as messages.
final class ForecastMessages {
  private ForecastMessages() {}

  static Forecast of(dev.countersign.core.decision.Forecast forecast) {
    Forecast.Builder message =
        Forecast.newBuilder()
            .setAllowed(forecast.allowed())
            .setDecision(DecisionMessages.of(forecast))
            .addAllActions(forecast.actions().stream().map(ForecastMessages::action).toList());
    forecast.awaited().map(ForecastMessages::awaited).ifPresent(message::setAwaited);
    forecast.route().map(HiddenRoute::text).ifPresent(message::setRoute);
    return message.build();
  }

  private static Awaited awaited(dev.countersign.core.decision.Awaited awaited) {
    Awaited.Builder message =
        Awaited.newBuilder()
            .addAllDemands(awaited.demands().stream().map(ForecastMessages::demand).toList())
            .addAllExcluded(awaited.excluded().stream().map(ApproverName::value).sorted().toList())
            .setWords(awaited.words());
    awaited.quorum().map(ForecastMessages::quorum).ifPresent(message::setQuorum);
    if (awaited.lifetime().isPositive()) {
      message.setLifetime(duration(awaited.lifetime()));
    }
    if (awaited.delay().isPositive()) {
      message.setDelay(duration(awaited.delay()));
    }
    return message.build();
  }

  private static Awaited.Demand demand(dev.countersign.core.decision.Awaited.Demanded demanded) {
    Awaited.Demand.Builder message = Awaited.Demand.newBuilder().setRule(demanded.rule());
    demanded.quorum().map(ForecastMessages::quorum).ifPresent(message::setQuorum);
    if (demanded.lifetime().isPositive()) {
      message.setLifetime(duration(demanded.lifetime()));
    }
    if (demanded.delay().isPositive()) {
      message.setDelay(duration(demanded.delay()));
    }
    return message.build();
  }

  private static Awaited.Quorum quorum(Quorum quorum) {
    Awaited.Quorum.Builder message = Awaited.Quorum.newBuilder().setText(quorum.text());
    switch (quorum) {
      case RuleQuorum.Members members ->
          message.setMembers(
              Awaited.Quorum.Members.newBuilder()
                  .setGroup(members.group())
                  .addAllMembers(members.members().stream().map(ApproverName::value).toList())
                  .setCount(members.count()));
      case RuleQuorum.AllOf all -> message.setAllOf(parts(all.parts()));
      case RuleQuorum.AnyOf any -> message.setAnyOf(parts(any.parts()));
      case Quorum.EachOf each -> message.setEachOf(parts(each.parts()));
    }
    return message.build();
  }

  private static Awaited.Quorum.Parts parts(List<RuleQuorum> parts) {
    return Awaited.Quorum.Parts.newBuilder()
        .addAllParts(parts.stream().map(ForecastMessages::quorum).toList())
        .build();
  }

  private static ExplainedAction action(dev.countersign.core.decision.ExplainedAction action) {
    return ExplainedAction.newBuilder()
        .setPath(action.path())
        .setOperation(action.operation())
        .setAccount(action.account().checksummed())
        .setAsset(action.asset().toString())
        .setAmount(action.amount().toString())
        .setDestination(action.destination().map(Address::checksummed).orElse(""))
        .setGasCost(action.gasCost().toString())
        .addAllOutcomes(DecisionMessages.outcomes(action.outcomes()))
        .addAllLimits(action.limits().stream().map(ForecastMessages::limit).toList())
        .addAllPrices(action.prices().stream().map(ForecastMessages::price).toList())
        .build();
  }

  private static ExplainedAction.QuotedPrice price(PriceStatement price) {
    return ExplainedAction.QuotedPrice.newBuilder()
        .setFeed(price.feed().value())
        .setAsset(price.asset().toString())
        .setDecimals(price.decimals())
        .setCurrency(price.currency().value())
        .setPrice(price.priceText())
        .setAsOfTime(RequestMessages.timestamp(price.asOf()))
        .build();
  }

  private static ExplainedAction.LimitUse limit(LimitUse use) {
    var message =
        ExplainedAction.LimitUse.newBuilder()
            .setCounter(use.counter())
            .setMaximum(use.maximum().toString())
            .setBefore(use.before().toString())
            .setAfter(use.after().toString());
    switch (use.window()) {
      case LimitWindow.Sliding(Duration length) -> message.setWindow(duration(length));
      case LimitWindow.Lifetime _ -> {}
    }
    return message.build();
  }

  private static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder().setSeconds(duration.toSeconds()).build();
  }
}
