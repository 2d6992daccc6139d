package dev.countersign.core.action;

import dev.countersign.core.action.Deed.TokenApproval;
import dev.countersign.core.action.Deed.TokenTransfer;
import dev.countersign.core.model.Address;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Permit2, which moves any ERC-20 token that was approved to it once: by allowances of its own,
/// and by signatures.
///
/// The token is an argument here, so these deeds are only as true as the contract called. At
/// [#PERMIT2] a call with one deed is that deed; at any other address it stays a call of that
/// contract, with the deeds below.
final class Permit2Functions {
  /// The same on every chain that derives addresses as EIP-1014 says.
  static final Address PERMIT2 = Address.parse("0x000000000022D473030F116dDEE9F6B43aC78BA3");

  private static final String TO = "((address,uint256),uint256,uint256),(address,uint256),address";
  private static final String TO_MANY =
      "((address,uint256)[],uint256,uint256),(address,uint256)[],address";

  static final List<KnownFunction> ALL =
      List.of(
          KnownFunction.of(
              "approve(address,address,uint160,uint48)",
              (call, in) ->
                  one(call, approval(in.address(0), call.account(), in.address(1), in.uint(2)))),
          KnownFunction.of(
              "transferFrom(address,address,uint160,address)", (call, in) -> one(call, moved(in))),
          KnownFunction.of(
              "transferFrom((address,address,uint160,address)[])",
              (call, in) -> many(call, in.structs(0).stream().map(Permit2Functions::moved))),
          KnownFunction.of(
              "permit(address,((address,uint160,uint48,uint48),address,uint256),bytes)",
              (call, in) ->
                  one(
                      call,
                      allowed(in.address(0), in.struct(1).address(1), in.struct(1).struct(0)))),
          KnownFunction.of(
              "permit(address,((address,uint160,uint48,uint48)[],address,uint256),bytes)",
              (call, in) ->
                  many(
                      call,
                      in.struct(1).structs(0).stream()
                          .map(each -> allowed(in.address(0), in.struct(1).address(1), each)))),
          KnownFunction.of(
              "permitTransferFrom(" + TO + ",bytes)", (call, in) -> one(call, bySignature(in))),
          KnownFunction.of(
              "permitTransferFrom(" + TO_MANY + ",bytes)", Permit2Functions::manyBySignature),
          KnownFunction.of(
              "permitWitnessTransferFrom(" + TO + ",bytes32,string,bytes)",
              (call, in) -> one(call, bySignature(in))),
          KnownFunction.of(
              "permitWitnessTransferFrom(" + TO_MANY + ",bytes32,string,bytes)",
              Permit2Functions::manyBySignature),
          KnownFunction.of(
              "lockdown((address,address)[])",
              (call, in) ->
                  many(
                      call,
                      in.structs(0).stream()
                          .map(
                              pair ->
                                  approval(
                                      pair.address(0),
                                      call.account(),
                                      pair.address(1),
                                      BigInteger.ZERO)))),
          KnownFunction.of(
              "invalidateNonces(address,address,uint48)",
              (call, in) -> new Meaning.Carries(List.of())));

  private Permit2Functions() {}

  private static Meaning one(Call call, Deed deed) {
    return call.to().equals(PERMIT2)
        ? new Meaning.Is(deed)
        : new Meaning.Carries(List.of(new Step.Does(call.account(), deed)));
  }

  private static Meaning many(Call call, Stream<? extends Deed> deeds) {
    return new Meaning.Carries(
        deeds.<Step>map(deed -> new Step.Does(call.account(), deed)).toList());
  }

  private static TokenApproval approval(
      Address token, Address owner, Address spender, BigInteger amount) {
    return new TokenApproval(token, owner, spender, amount, false);
  }

  /// @param details token, amount, expiration, nonce
  private static TokenApproval allowed(Address owner, Address spender, Arguments details) {
    return approval(details.address(0), owner, spender, details.uint(1));
  }

  /// @param details from, to, amount, token
  private static TokenTransfer moved(Arguments details) {
    return new TokenTransfer(
        details.address(3), details.address(0), details.address(1), details.uint(2));
  }

  private static TokenTransfer bySignature(Arguments in) {
    return bySignature(in.struct(0).struct(0), in.struct(1), in.address(2));
  }

  private static TokenTransfer bySignature(Arguments permitted, Arguments details, Address owner) {
    return new TokenTransfer(permitted.address(0), owner, details.address(0), details.uint(1));
  }

  private static Meaning manyBySignature(Call call, Arguments in) throws OpaqueException {
    List<Arguments> permitted = in.struct(0).structs(0);
    List<Arguments> details = in.structs(1);
    Lengths.same("permitTransferFrom", permitted, details);
    List<TokenTransfer> deeds = new ArrayList<>();
    for (int i = 0; i < permitted.size(); i++) {
      deeds.add(bySignature(permitted.get(i), details.get(i), in.address(2)));
    }
    return many(call, deeds.stream());
  }
}
