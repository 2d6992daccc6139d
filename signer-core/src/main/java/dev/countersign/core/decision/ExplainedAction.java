package dev.countersign.core.decision;

import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.price.PriceStatement;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/// One of the things that a payload does, and what rules make of it.
///
/// @param path where it stands: empty for what the payload itself does, else the positions of the
///     calls that carry it, such as `2.1`
/// @param operation as policies name it
/// @param account whose assets or authority it touches
/// @param asset what leaves the account besides gas
/// @param amount how much of it, in its smallest unit
/// @param destination who gains by it; nothing where there is nobody
/// @param gasCost the most that gas may cost, in wei; zero for all but the first
/// @param outcomes what rules make of it, in the policy's order; of a policy with more than a
/// hundred those that come closest
/// @param limits those of every rule that is about it: what their windows hold, and would hold with
///     it
/// @param prices those that amounts of currencies of these rules are compared by
public record ExplainedAction(
    String path,
    String operation,
    Address account,
    AssetId asset,
    BigInteger amount,
    Optional<Address> destination,
    BigInteger gasCost,
    List<RuleOutcome> outcomes,
    List<LimitUse> limits,
    List<PriceStatement> prices) {
  public ExplainedAction {
    outcomes = List.copyOf(outcomes);
    limits = List.copyOf(limits);
    prices = List.copyOf(prices);
  }
}
