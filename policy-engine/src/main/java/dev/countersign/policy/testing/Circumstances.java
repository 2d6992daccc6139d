package dev.countersign.policy.testing;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.PublicKey;
import dev.countersign.core.model.Tier;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.Balance;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.Origin;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What holds for a request that is judged as an example, besides what it asks.
///
/// @param origin how it came in; nothing when nobody knows
/// @param balances what the wallet's account has, where that is known
/// @param vault the wallet's
/// @param tier the vault's
record Circumstances(Optional<Origin> origin, List<Balance> balances, VaultId vault, Tier tier) {
  private static final String NAME = "policy-test";
  static final VaultId USUAL_VAULT = new VaultId(NAME);
  static final Tier USUAL_TIER = Tier.HOT;

  /// Those of a request of which nothing else is known.
  static final Circumstances USUAL =
      new Circumstances(Optional.empty(), List.of(), USUAL_VAULT, USUAL_TIER);

  Circumstances {
    balances = List.copyOf(balances);
  }

  /// @param account of the wallet
  PolicySubject subject(ClientId initiator, Address account, RequestContent asked, Instant at) {
    WalletId id = asked.wallet();
    return new PolicySubject(
        new SigningRequestId(new UUID(0, 0)),
        new IdempotencyKey(initiator, NAME),
        asked,
        new Wallet(
            id, vault, tier, id.value(), new BackendName(NAME), new KeyId(id.value()), noKey()),
        account,
        origin,
        balances,
        at);
  }

  /// The wallet's account is known, its key is not, and nothing here asks for it.
  private static PublicKey noKey() {
    byte[] point = new byte[65];
    point[0] = 4;
    return new PublicKey(Bytes.of(point));
  }
}
