package dev.countersign.core.action;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.SignedAuthorization;
import dev.countersign.core.model.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    return unpack(call, Envelope.FeeMarket.PLAIN, sender);
  }

  /// The same for a transaction of any type. Authorizations (EIP-7702) stand behind whatever the
  /// call carries, each as the deed of the account that signed it.
  public static Unpacking unpack(CallEncoder.Call call, Envelope envelope, Address sender) {
    List<Step.Does> authorizations = new ArrayList<>();
    if (envelope instanceof Envelope.SetCode code) {
      for (SignedAuthorization one : code.authorizations()) {
        Optional<Address> authority = one.authority();
        if (authority.isEmpty()) {
          return new Unpacking.Opaque(
              "an authorization (EIP-7702) for %s: expected a signature that recovers to an"
                      .formatted(one.delegate())
                  + " account, got one that does not");
        }
        authorizations.add(
            new Step.Does(
                authority.get(),
                new Deed.Authorization(one.chain(), one.delegate(), one.nonce().value())));
      }
    }
    return call.to()
        .map(to -> Walk.of(new Call(sender, to, call.value(), call.data()), authorizations))
        .orElseGet(
            () ->
                Walk.of(
                    sender, new Deed.ContractCreation(call.value(), call.data()), authorizations));
  }
}
