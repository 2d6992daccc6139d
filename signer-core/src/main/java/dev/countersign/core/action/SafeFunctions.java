package dev.countersign.core.action;

import dev.countersign.core.action.Deed.RawDigest;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.List;

/// Safe, versions 1.0.0 and later: its transactions, those of its modules, and MultiSend.
final class SafeFunctions {
  private static final BigInteger CALL = BigInteger.ZERO;
  private static final BigInteger DELEGATE_CALL = BigInteger.ONE;

  static final List<KnownFunction> ALL =
      List.of(
          KnownFunction.of(
              "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
              (call, in) -> {
                noRefund(in.uint(6), in.address(7), in.address(8));
                return executed(call, in);
              }),
          KnownFunction.of(
              "execTransactionFromModule(address,uint256,bytes,uint8)", SafeFunctions::executed),
          KnownFunction.of(
              "execTransactionFromModuleReturnData(address,uint256,bytes,uint8)",
              SafeFunctions::executed),
          // Approves a Safe transaction by its hash, which tells nothing about it.
          KnownFunction.of(
              "approveHash(bytes32)",
              (call, in) ->
                  new Meaning.Carries(
                      List.of(
                          new Step.Does(
                              call.account(), new RawDigest(new Digest32(in.bytes(0))))))),
          KnownFunction.of(
              MultiSend.SIGNATURE,
              (call, in) -> new Meaning.Carries(MultiSend.steps(call.to(), in.bytes(0)))));

  private SafeFunctions() {}

  private static Meaning executed(Call call, Arguments in) throws OpaqueException {
    return new Meaning.Carries(
        List.of(transaction(call.to(), in.address(0), in.wei(1), in.bytes(2), in.uint(3))));
  }

  /// What a Safe does by one transaction of its own.
  static Step transaction(Address safe, Address to, Wei value, Bytes data, BigInteger operation)
      throws OpaqueException {
    if (operation.equals(CALL)) {
      return new Step.Calls(new Call(safe, to, value, data));
    }
    if (operation.equals(DELEGATE_CALL)) {
      return new Step.Delegates(safe, to, data);
    }
    throw new OpaqueException(
        "Safe operation: expected 0 (call) or 1 (delegate call), got " + operation);
  }

  /// A refund pays the one who sends the transaction out of the Safe, at a price and in a token of
  /// the transaction's choice; no limit would count it.
  static void noRefund(BigInteger gasPrice, Address gasToken, Address refundReceiver)
      throws OpaqueException {
    Address none = new Address("0x" + "0".repeat(40));
    if (gasPrice.signum() != 0 || !gasToken.equals(none) || !refundReceiver.equals(none)) {
      throw new OpaqueException(
          "Safe transaction: expected no gas refund (gasPrice, gasToken and refundReceiver zero),"
              + " got gasPrice %s, gasToken %s, refundReceiver %s"
                  .formatted(gasPrice, gasToken, refundReceiver));
    }
  }
}
