package dev.countersign.core.pipeline;

import dev.countersign.core.decision.Route;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Balance;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.port.TransactionPricer.TokenBalance;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.RequestContent;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A transaction that has all it needs to be judged, but a nonce.
///
/// @param waiting whether it is stored already, and was held so far
/// @param at when it is judged
/// @param account what pays for it, as it was when it was priced
/// @param token what it had then of the token that is transferred, if one is
record Candidate(
    Submission submission,
    NewRequest request,
    boolean waiting,
    Instant at,
    Wallet wallet,
    Intent.OfTransaction intent,
    Fees fees,
    Envelope envelope,
    Wei parentFee,
    Account account,
    Optional<TokenBalance> token)
    implements Admissible {

  Lane lane() {
    return account.lane();
  }

  boolean hasBlobs() {
    return envelope instanceof Envelope.Blobs;
  }

  @Override
  public PolicySubject subject() {
    return new PolicySubject(
        request.id(),
        submission.key(),
        content(),
        wallet,
        wallet.address(),
        request.origin(),
        balances(),
        List.of(),
        parentFee,
        at);
  }

  private List<Balance> balances() {
    ChainId chain = content().chain();
    List<Balance> balances = new ArrayList<>();
    balances.add(new Balance(AssetId.nativeOf(chain), account.balance().value(), at));
    token.ifPresent(
        token ->
            balances.add(new Balance(AssetId.erc20(chain, token.contract()), token.amount(), at)));
    return balances;
  }

  UnsignedTransaction with(Nonce nonce) {
    return UnsignedTransaction.of(content().chain(), nonce, fees, intent, envelope);
  }

  /// The most it may take of its account: value, gas, and what the parent chain takes.
  BigInteger mostCost(UnsignedTransaction unsigned) {
    return unsigned.mostCost().add(parentFee.value());
  }

  /// @param available what is left of the account's balance
  Refusal unfunded(UnsignedTransaction unsigned, BigInteger available) {
    return new Refusal(
        Refusal.Code.INSUFFICIENT_FUNDS,
        "wallet",
        ("%s has %s wei on %s and %s of them left besides what its transactions that are not mined"
                + " yet may take; this one may take %s: value %s and at most %s of fees")
            .formatted(
                wallet.address(),
                account.balance(),
                content().chain(),
                available.max(BigInteger.ZERO),
                mostCost(unsigned),
                unsigned.call().value(),
                unsigned.mostGasCost().add(parentFee.value())));
  }

  Refusal obstructed(LaneObstacle obstacle) {
    return new Refusal(
        switch (obstacle) {
          case LaneObstacle.Paused _, LaneObstacle.OtherKind _, LaneObstacle.Used _ ->
              Refusal.Code.LANE_PAUSED;
          case LaneObstacle.Full _ -> Refusal.Code.LANE_FULL;
        },
        "wallet",
        "%s on %s: %s".formatted(wallet.address(), content().chain(), obstacle.words()));
  }

  Refusal unroutable(Route.Private route) {
    return new Refusal(
        Refusal.Code.NO_PRIVATE_RELAY,
        "chain",
        ("policy (%s) lets it go by a private relay alone, and chain %s has none here: add"
                + " `privateRelay` to its definition")
            .formatted(String.join(", ", route.rules()), content().chain()));
  }

  private RequestContent content() {
    return request.content();
  }
}
