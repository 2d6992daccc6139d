package dev.countersign.policy.rule;

import dev.countersign.core.action.Action;
import dev.countersign.core.action.Deed;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.policy.price.PriceTerms;
import dev.countersign.policy.price.Valuation;
import java.math.BigInteger;
import java.util.Optional;

/// One action of a payload as rules see it: read off the very bytes, besides who asks and with
/// which wallet.
///
/// @param owner whose assets or authority it touches: the wallet's own account, or another one that
///     the wallet acts through, such as a Safe
/// @param asset what leaves the owner besides gas; the native asset when nothing else does
/// @param amount how much of `asset`, in its smallest unit: what moves, or what may be taken from
///     now on
/// @param destination who gains by it: the payee, the spender, or the contract called; nothing
/// where there is nobody
/// @param gasCost the most that gas may cost, in wei; zero for all but the root, which pays it
/// @param gasPrice the most that a unit of it may cost, in wei; zero for all but the root
public record JudgedAction(
    PolicySubject subject,
    Action action,
    Operation operation,
    Address owner,
    AssetId asset,
    BigInteger amount,
    Optional<Address> destination,
    BigInteger gasCost,
    BigInteger gasPrice) {
  private static final BigInteger EVERYTHING =
      BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

  /// @param gas of the whole payload; nothing when it burns none, or it is not known yet
  public static JudgedAction of(PolicySubject subject, Action action, Optional<GasTerms> gas) {
    return read(new Reading(subject.chain(), action), action.deed())
        .in(subject, gas.filter(_ -> action.isRoot()));
  }

  private static Read read(Reading reading, Deed deed) {
    ChainId chain = reading.chain();
    return switch (deed) {
      case Deed.NativeTransfer(var to, var value) ->
          reading.ofNative(Operation.NATIVE_TRANSFER, value.value(), Optional.of(to));
      case Deed.ContractCall call ->
          reading.ofNative(Operation.CONTRACT_CALL, call.value().value(), Optional.of(call.to()));
      case Deed.ContractCreation(var value, _) ->
          reading.ofNative(Operation.CONTRACT_CREATION, value.value(), Optional.empty());
      case Deed.DelegateCall(var target, _) ->
          reading.ofNative(Operation.DELEGATE_CALL, BigInteger.ZERO, Optional.of(target));
      case Deed.ProxyUpgrade(var proxy, _) ->
          reading.ofNative(Operation.PROXY_UPGRADE, BigInteger.ZERO, Optional.of(proxy));
      case Deed.TypedMessage message ->
          reading.ofNative(Operation.TYPED_MESSAGE, BigInteger.ZERO, message.verifyingContract());
      case Deed.PersonalMessage _ ->
          reading.ofNative(Operation.PERSONAL_MESSAGE, BigInteger.ZERO, Optional.empty());
      case Deed.RawDigest _ ->
          reading.ofNative(Operation.RAW_DIGEST, BigInteger.ZERO, Optional.empty());
      case Deed.Authorization(_, var delegate, _) ->
          reading.ofNative(Operation.AUTHORIZATION, BigInteger.ZERO, Optional.of(delegate));
      case Deed.TokenTransfer(var token, var owner, var to, var amount) ->
          reading.of(Operation.ERC20_TRANSFER, owner, AssetId.erc20(chain, token), amount, to);
      case Deed.TokenApproval(var token, var owner, var spender, var amount, _) ->
          reading.of(Operation.ERC20_APPROVE, owner, AssetId.erc20(chain, token), amount, spender);
      case Deed.NftTransfer(var collection, var owner, var to, _, var quantity) ->
          reading.of(Operation.NFT_TRANSFER, owner, AssetId.nft(chain, collection), quantity, to);
      case Deed.NftApproval(var collection, var owner, var operator, var tokenId, var approved) ->
          reading.of(
              Operation.NFT_APPROVE,
              owner,
              AssetId.nft(chain, collection),
              approved ? tokenId.map(_ -> BigInteger.ONE).orElse(EVERYTHING) : BigInteger.ZERO,
              operator);
    };
  }

  /// What `amount` comes to in a currency.
  public Valuation worth(CurrencyCode currency, PriceTerms terms) {
    return Valuation.of(amount, asset, currency, terms, subject.prices(), subject.at());
  }

  /// What `gasCost` comes to in a currency, by the price of the chain's native asset.
  public Valuation gasWorth(CurrencyCode currency, PriceTerms terms) {
    return Valuation.of(
        gasCost,
        AssetId.nativeOf(subject.chain()),
        currency,
        terms,
        subject.prices(),
        subject.at());
  }

  /// The function of a call whose meaning is not known.
  public Optional<Bytes> selector() {
    return action.deed() instanceof Deed.ContractCall call
        ? Optional.of(call.selector())
        : Optional.empty();
  }

  /// With its EIP-55 checksum, for people.
  public String destinationText() {
    return destination.map(Address::checksummed).orElse("nobody");
  }

  /// Whether a signature of it is good on every chain.
  public boolean isForEveryChain() {
    return switch (action.deed()) {
      case Deed.TypedMessage message -> message.chain().isEmpty();
      case Deed.Authorization authorization -> authorization.chain().isEmpty();
      default -> false;
    };
  }

  public boolean isRoot() {
    return action.isRoot();
  }

  /// What `operation` does where, for people: `action 2.1 (erc20-approve)`.
  public String placeText() {
    return "action %s (%s)".formatted(action.pathText(), operation);
  }

  private record Read(
      Action action,
      Operation operation,
      Address owner,
      AssetId asset,
      BigInteger amount,
      Optional<Address> destination) {
    JudgedAction in(PolicySubject subject, Optional<GasTerms> gas) {
      return new JudgedAction(
          subject,
          action,
          operation,
          owner,
          asset,
          amount,
          destination,
          gas.map(GasTerms::mostCost).orElse(BigInteger.ZERO),
          gas.map(GasTerms::mostPrice).orElse(BigInteger.ZERO));
    }
  }

  private record Reading(ChainId chain, Action action) {
    Read ofNative(Operation operation, BigInteger amount, Optional<Address> destination) {
      return new Read(
          action, operation, action.account(), AssetId.nativeOf(chain), amount, destination);
    }

    Read of(
        Operation operation, Address owner, AssetId asset, BigInteger amount, Address destination) {
      return new Read(action, operation, owner, asset, amount, Optional.of(destination));
    }
  }
}
