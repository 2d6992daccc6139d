package dev.countersign.core.action;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.model.Address;

/// Reads all that a transaction does.
///
/// A call that is understood to the end is just what it does ([Deed.TokenTransfer] and the like).
/// If it brings native value too, it is a [Deed.ContractCall] with that value, and what it does
/// stands first below it. A call that carries others is a [Deed.ContractCall] with those below it.
/// A function nobody here knows is a [Deed.ContractCall] with nothing below. A known function whose
/// arguments are not encoded in the one way there is makes the whole payload [Unpacking.Opaque],
/// and so does anything deeper than 8 levels or wider than 256 actions.
///
/// Which functions are known: [KnownFunctions]. What ERC-20 and ERC-721 have in common:
/// [TokenFunctions].
public final class CallUnpacker {
  private CallUnpacker() {}

  /// Total: any call gives an outcome.
  ///
  /// @param call that of the transaction
  /// @param sender the wallet's own account
  public static Unpacking unpack(CallEncoder.Call call, Address sender) {
    return Walk.of(new Call(sender, call.to(), call.value(), call.data()));
  }
}
