package dev.countersign.core.evm;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.TokenAmount;
import java.math.BigInteger;

/// What the recipient, value and call data of a transaction mean.
public final class CallDecoder {
  private static final Bytes ERC20_TRANSFER = Bytes.fromHex("0xa9059cbb");
  private static final Bytes ADDRESS_PADDING = Bytes.of(new byte[12]);
  private static final int ERC20_TRANSFER_SIZE = 4 + 32 + 32;

  private CallDecoder() {}

  /// A token transfer is only what encodes back to the same bytes: dirty padding, trailing bytes or
  /// native value make it a contract call, which policy has to allow as such.
  ///
  /// @throws dev.countersign.core.model.InvalidValueException on 1 to 3 bytes of call data, on too
  ///     much of it, and on a creation without init code
  public static Intent.OfTransaction decode(CallEncoder.Call call) {
    Bytes data = call.data();
    if (call.to().isEmpty()) {
      return new Intent.ContractCreation(call.value(), data);
    }
    Address to = call.to().get();
    if (data.isEmpty()) {
      return new Intent.NativeTransfer(to, call.value());
    }
    boolean tokenTransfer =
        data.size() == ERC20_TRANSFER_SIZE
            && call.value().value().signum() == 0
            && data.slice(0, 4).equals(ERC20_TRANSFER)
            && data.slice(4, 16).equals(ADDRESS_PADDING);
    if (tokenTransfer) {
      return new Intent.Erc20Transfer(
          to,
          Address.of(data.slice(16, 36)),
          new TokenAmount(new BigInteger(1, data.slice(36, 68).toArray())));
    }
    return new Intent.ContractCall(to, call.value(), data);
  }
}
