package dev.countersign.core.evm;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import java.util.List;
import java.util.Optional;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.generated.Uint256;

/// From an intent to the three fields of a transaction that carry it.
public final class CallEncoder {
  private CallEncoder() {}

  /// Recipient, native value and call data.
  ///
  /// @param to nothing when it creates a contract, whose init code is `data` then
  public record Call(Optional<Address> to, Wei value, Bytes data) {
    /// Of somebody.
    public Call(Address to, Wei value, Bytes data) {
      this(Optional.of(to), value, data);
    }

    /// The recipient in hex, or `-` when it creates a contract.
    public String toText() {
      return to.map(Address::hex).orElse("-");
    }
  }

  public static Call encode(Intent.OfTransaction intent) {
    return switch (intent) {
      case Intent.NativeTransfer transfer -> new Call(transfer.to(), transfer.value(), Bytes.EMPTY);
      case Intent.Erc20Transfer transfer ->
          new Call(transfer.token(), Wei.ZERO, transferData(transfer));
      case Intent.ContractCall call -> new Call(call.to(), call.value(), call.data());
      case Intent.ContractCreation creation ->
          new Call(Optional.empty(), creation.value(), creation.initCode());
    };
  }

  private static Bytes transferData(Intent.Erc20Transfer transfer) {
    var to = new org.web3j.abi.datatypes.Address(transfer.to().hex());
    var amount = new Uint256(transfer.value().value());
    return Bytes.fromHex(
        FunctionEncoder.encode(new Function("transfer", List.of(to, amount), List.of())));
  }
}
