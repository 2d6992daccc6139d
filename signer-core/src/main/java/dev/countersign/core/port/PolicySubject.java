package dev.countersign.core.port;

import dev.countersign.core.action.Unpacking;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.Wei;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.Origin;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All that policy knows of a request besides its bytes.
///
/// @param content what was asked for: it tells which limits may be touched, and is what approvers
///     see; what is judged is what the bytes do
/// @param wallet the one that `content` names
/// @param account the wallet's own; of a request that is really signed that of its key
/// @param origin how it came in; nothing when nobody knows
/// @param balances what `account` has, of each asset that was asked for at most one; a missing one
/// is not known
/// @param prices what feeds say that assets are worth, with signatures that were verified; old ones
///     too
/// @param parentFee the most that the parent chain may take for the transaction besides gas
/// @param at the time of judging
public record PolicySubject(
    SigningRequestId request,
    IdempotencyKey key,
    RequestContent content,
    Wallet wallet,
    Address account,
    Optional<Origin> origin,
    List<Balance> balances,
    List<SignedPrice> prices,
    Wei parentFee,
    Instant at) {
  public PolicySubject {
    balances = List.copyOf(balances);
    prices = List.copyOf(prices);
  }

  /// Where no prices are known, and gas is all that is paid.
  public PolicySubject(
      SigningRequestId request,
      IdempotencyKey key,
      RequestContent content,
      Wallet wallet,
      Address account,
      Optional<Origin> origin,
      List<Balance> balances,
      Instant at) {
    this(request, key, content, wallet, account, origin, balances, List.of(), Wei.ZERO, at);
  }

  /// Of an origin that nobody knows.
  public PolicySubject(
      SigningRequestId request,
      IdempotencyKey key,
      RequestContent content,
      Wallet wallet,
      Address account,
      Instant at) {
    this(request, key, content, wallet, account, Optional.empty(), List.of(), at);
  }

  /// Of a wallet whose key is known.
  public PolicySubject(
      SigningRequestId request,
      IdempotencyKey key,
      RequestContent content,
      Wallet wallet,
      Instant at) {
    this(request, key, content, wallet, wallet.address(), at);
  }

  /// The same, judged at another time.
  public PolicySubject judgedAt(Instant other) {
    return new PolicySubject(
        request, key, content, wallet, account, origin, balances, prices, parentFee, other);
  }

  /// The same, judged with these prices.
  public PolicySubject pricedBy(List<SignedPrice> known) {
    return new PolicySubject(
        request, key, content, wallet, account, origin, balances, known, parentFee, at);
  }

  /// What `account` has of `asset`, as far as it is known.
  public Optional<Balance> balance(AssetId asset) {
    return balances.stream().filter(balance -> balance.asset().equals(asset)).findFirst();
  }

  public ClientId initiator() {
    return key.client();
  }

  public ChainId chain() {
    return content.chain();
  }

  /// All that was asked for comes to.
  public Unpacking unpacking() {
    return content.unpacking(account);
  }
}
