package dev.countersign.core.action;

import dev.countersign.core.action.Deed.Authorization;
import dev.countersign.core.evm.SignedAuthorization;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import java.util.List;
import java.util.Optional;

/// Authorizations of EIP-7702, by which an account takes on the code of another.
public final class Authorizations {
  private Authorizations() {}

  /// @param chain nothing for every chain, which is chain id 0
  public static SignableMessage read(
      Optional<ChainId> chain, Address delegate, Nonce nonce, Address signer) {
    return SignableMessage.of(
        SignedAuthorization.preimage(chain, delegate, nonce),
        Walk.of(signer, new Authorization(chain, delegate, nonce.value()), List.of()));
  }
}
