package dev.countersign.core.model;

/// A key and the account it has on every EVM chain. Policy says which chains it may be used on.
///
/// @param backend the key backend that holds `key`
public record Wallet(
    WalletId id,
    VaultId vault,
    Tier tier,
    String name,
    BackendName backend,
    KeyId key,
    PublicKey publicKey) {
  public Address address() {
    return publicKey.address();
  }
}
