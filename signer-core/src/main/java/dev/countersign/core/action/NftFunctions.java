package dev.countersign.core.action;

import dev.countersign.core.action.Deed.NftApproval;
import dev.countersign.core.action.Deed.NftTransfer;
import dev.countersign.core.model.Address;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// ERC-721 and ERC-1155. For `approve` and `transferFrom` of ERC-721 see [TokenFunctions].
final class NftFunctions {
  static final List<KnownFunction> ALL =
      List.of(
          KnownFunction.of(
              "safeTransferFrom(address,address,uint256)",
              (call, in) -> new Meaning.Is(transfer(call, in, in.uint(2), BigInteger.ONE))),
          KnownFunction.of(
              "safeTransferFrom(address,address,uint256,bytes)",
              (call, in) -> new Meaning.Is(transfer(call, in, in.uint(2), BigInteger.ONE))),
          KnownFunction.of(
              "safeTransferFrom(address,address,uint256,uint256,bytes)",
              (call, in) -> new Meaning.Is(transfer(call, in, in.uint(2), in.uint(3)))),
          KnownFunction.of(
              "safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)",
              NftFunctions::batch),
          KnownFunction.of(
              "setApprovalForAll(address,bool)",
              (call, in) -> new Meaning.Is(approvalForAll(call, in.address(0), in.bool(1)))));

  private NftFunctions() {}

  private static NftTransfer transfer(
      Call call, Arguments in, BigInteger tokenId, BigInteger quantity) {
    return new NftTransfer(call.to(), in.address(0), in.address(1), tokenId, quantity);
  }

  private static NftApproval approvalForAll(Call call, Address operator, boolean approved) {
    return new NftApproval(call.to(), call.account(), operator, Optional.empty(), approved);
  }

  private static Meaning batch(Call call, Arguments in) throws OpaqueException {
    List<BigInteger> ids = in.uints(2);
    List<BigInteger> quantities = in.uints(3);
    Lengths.same("safeBatchTransferFrom", ids, quantities);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      steps.add(new Step.Does(call.account(), transfer(call, in, ids.get(i), quantities.get(i))));
    }
    return new Meaning.Carries(steps);
  }
}
