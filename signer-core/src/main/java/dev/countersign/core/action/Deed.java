package dev.countersign.core.action;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.Optional;

/// What one action does. Amounts are in the smallest unit, and never negative.
public sealed interface Deed {

  /// The native asset moves, with no call data.
  record NativeTransfer(Address to, Wei value) implements Deed {}

  /// ERC-20 tokens move out of `owner`, who is the acting account unless it uses an allowance
  /// (`transferFrom`).
  record TokenTransfer(Address token, Address owner, Address to, BigInteger amount)
      implements Deed {}

  /// `spender` may take ERC-20 tokens of `owner` from now on, up to `amount` in all: ERC-20
  /// `approve`, EIP-2612 and DAI permits, Permit2. An allowance replaces the one before it, but
  /// what is `added` comes on top of that.
  record TokenApproval(
      Address token, Address owner, Address spender, BigInteger amount, boolean added)
      implements Deed {}

  /// One ERC-721 token, or `quantity` of one ERC-1155 token, moves out of `owner`.
  record NftTransfer(
      Address collection, Address owner, Address to, BigInteger tokenId, BigInteger quantity)
      implements Deed {}

  /// `operator` may take one token, or every token when there is no `tokenId`, of `owner`; or no
  /// longer when it is not `approved`.
  record NftApproval(
      Address collection,
      Address owner,
      Address operator,
      Optional<BigInteger> tokenId,
      boolean approved)
      implements Deed {}

  /// A call of `to`, with at least a selector of call data. What the call carries within, where
  /// that is understood, are actions of their own below this one.
  record ContractCall(Address to, Wei value, Bytes data) implements Deed {
    public Bytes selector() {
      return data.slice(0, 4);
    }
  }

  /// A contract comes into being and gets `value`.
  record ContractCreation(Wei value, Bytes initCode) implements Deed {}

  /// The acting account runs the code of `target` as its own: it may do anything with all it has.
  record DelegateCall(Address target, Bytes data) implements Deed {}

  /// The code behind `proxy` is replaced by that of `implementation`.
  record ProxyUpgrade(Address proxy, Address implementation) implements Deed {}

  /// EIP-712 data is signed. What it enables, where that is understood, are actions below this one.
  ///
  /// @param verifyingContract of the domain, where it has one
  /// @param chain of the domain, where it has one
  record TypedMessage(
      String domainName,
      Optional<Address> verifyingContract,
      Optional<ChainId> chain,
      String primaryType,
      String json)
      implements Deed {}

  /// EIP-191 version 0x45: text that is signed as such.
  record PersonalMessage(Bytes message) implements Deed {}

  /// 32 bytes that nobody can tell the meaning of.
  record RawDigest(Digest32 digest) implements Deed {}

  /// EIP-7702: the acting account lets the code of `delegate` run as its own; the zero address ends
  /// it.
  ///
  /// @param chain nothing when it is good on every chain
  record Authorization(Optional<ChainId> chain, Address delegate, long nonce) implements Deed {}
}
