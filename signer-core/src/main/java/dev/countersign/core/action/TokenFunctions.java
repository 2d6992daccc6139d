package dev.countersign.core.action;

import dev.countersign.core.action.Deed.TokenApproval;
import dev.countersign.core.action.Deed.TokenTransfer;
import dev.countersign.core.model.Address;
import java.math.BigInteger;
import java.util.List;

/// ERC-20 with its permits (EIP-2612, DAI) and authorized transfers (ERC-3009).
///
/// `transferFrom(address,address,uint256)` and `approve(address,uint256)` are functions of ERC-721
/// too, with a token id in the place of the amount, and no byte of a call tells which is meant.
/// They are read as ERC-20, the reading that limits add up. A rule names the token contract by its
/// CAIP-19 id (`eip155:1/erc20:0x…`), so a collection is judged as a token only under a rule whose
/// author took it for one; and no amount is harmless here: "approve 0" of an ERC-721 contract gives
/// token 0 away.
final class TokenFunctions {
  static final BigInteger UNLIMITED = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);

  static final List<KnownFunction> ALL =
      List.of(
          KnownFunction.of(
              "transfer(address,uint256)",
              (call, in) -> transfer(call, call.account(), in.address(0), in.uint(1))),
          KnownFunction.of(
              "transferFrom(address,address,uint256)",
              (call, in) -> transfer(call, in.address(0), in.address(1), in.uint(2))),
          KnownFunction.of(
              "approve(address,uint256)",
              (call, in) -> approval(call, call.account(), in.address(0), in.uint(1))),
          KnownFunction.of(
              "increaseAllowance(address,uint256)",
              (call, in) -> added(call, in.address(0), in.uint(1))),
          // Takes away, which no deed says: nothing is added.
          KnownFunction.of(
              "decreaseAllowance(address,uint256)",
              (call, in) -> added(call, in.address(0), BigInteger.ZERO)),
          KnownFunction.of(
              "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
              (call, in) -> approval(call, in.address(0), in.address(1), in.uint(2))),
          KnownFunction.of(
              "permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)",
              (call, in) -> approval(call, in.address(0), in.address(1), daiAmount(in.bool(4)))),
          KnownFunction.of(
              "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
              (call, in) -> transfer(call, in.address(0), in.address(1), in.uint(2))),
          KnownFunction.of(
              "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)",
              (call, in) -> transfer(call, in.address(0), in.address(1), in.uint(2))),
          KnownFunction.of(
              "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
              (call, in) -> transfer(call, in.address(0), in.address(1), in.uint(2))),
          KnownFunction.of(
              "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)",
              (call, in) -> transfer(call, in.address(0), in.address(1), in.uint(2))));

  private TokenFunctions() {}

  /// DAI's permit knows all or nothing.
  static BigInteger daiAmount(boolean allowed) {
    return allowed ? UNLIMITED : BigInteger.ZERO;
  }

  private static Meaning transfer(Call call, Address owner, Address to, BigInteger amount) {
    return new Meaning.Is(new TokenTransfer(call.to(), owner, to, amount));
  }

  private static Meaning approval(Call call, Address owner, Address spender, BigInteger amount) {
    return new Meaning.Is(new TokenApproval(call.to(), owner, spender, amount, false));
  }

  private static Meaning added(Call call, Address spender, BigInteger amount) {
    return new Meaning.Is(new TokenApproval(call.to(), call.account(), spender, amount, true));
  }
}
