package dev.countersign.server.grpc;

import dev.countersign.api.v1.Vault.Tier;
import dev.countersign.core.model.Vault;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.request.Refusal.Code;

/// Vaults and wallets as messages.
final class WalletMessages {
  private WalletMessages() {}

  static dev.countersign.api.v1.Vault of(Vault vault) {
    return dev.countersign.api.v1.Vault.newBuilder()
        .setId(vault.id().value())
        .setTier(tier(vault.tier()))
        .setName(vault.name())
        .build();
  }

  static dev.countersign.api.v1.Wallet of(Wallet wallet) {
    return dev.countersign.api.v1.Wallet.newBuilder()
        .setId(wallet.id().value())
        .setVault(wallet.vault().value())
        .setTier(tier(wallet.tier()))
        .setName(wallet.name())
        .setBackend(wallet.backend().value())
        .setKey(wallet.key().value())
        .setAddress(wallet.address().checksummed())
        .setPublicKey(RequestMessages.bytes(wallet.publicKey().uncompressed()))
        .build();
  }

  /// @throws RefusedException that names the first field that is wrong
  static Vault vault(dev.countersign.api.v1.Vault message, FieldReader fields) {
    VaultId id = fields.read("vault.id", Code.MALFORMED, message.getId(), VaultId::new);
    dev.countersign.core.model.Tier tier =
        switch (message.getTier()) {
          case TIER_HOT -> dev.countersign.core.model.Tier.HOT;
          case TIER_WARM -> dev.countersign.core.model.Tier.WARM;
          case TIER_COLD -> dev.countersign.core.model.Tier.COLD;
          case TIER_UNSPECIFIED, UNRECOGNIZED ->
              throw fields.refused(
                  "vault.tier", Code.MALFORMED, "tier is TIER_HOT, TIER_WARM or TIER_COLD");
        };
    return new Vault(id, tier, message.getName());
  }

  private static Tier tier(dev.countersign.core.model.Tier tier) {
    return Tier.valueOf("TIER_" + tier.name());
  }
}
