package dev.countersign.core.freeze;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;

/// What a freeze stops signing for. As text, which is also how it is stored and signed:
/// `everything`, `vault:treasury`, `wallet:hot-1`, `chain:eip155:1`.
///
/// A scope is a name: whether there is such a vault, wallet or chain is not asked, so that one can
/// be frozen before it is made, and by whoever cannot look.
public sealed interface FreezeScope {

  /// Whether a signature of `wallet` for `chain` is within it.
  boolean covers(Wallet wallet, ChainId chain);

  /// The one text of it; [#parse] reads it back.
  String text();

  /// All wallets on all chains.
  record Everything() implements FreezeScope {
    static final String TEXT = "everything";

    @Override
    public boolean covers(Wallet wallet, ChainId chain) {
      return true;
    }

    @Override
    public String text() {
      return TEXT;
    }
  }

  /// All wallets of a vault.
  record OfVault(VaultId vault) implements FreezeScope {
    static final String KIND = "vault:";

    @Override
    public boolean covers(Wallet wallet, ChainId chain) {
      return wallet.vault().equals(vault);
    }

    @Override
    public String text() {
      return KIND + vault;
    }
  }

  /// A wallet on all chains.
  record OfWallet(WalletId wallet) implements FreezeScope {
    static final String KIND = "wallet:";

    @Override
    public boolean covers(Wallet asked, ChainId chain) {
      return asked.id().equals(wallet);
    }

    @Override
    public String text() {
      return KIND + wallet;
    }
  }

  /// All wallets on one chain.
  record OfChain(ChainId chain) implements FreezeScope {
    static final String KIND = "chain:";

    @Override
    public boolean covers(Wallet wallet, ChainId asked) {
      return asked.equals(chain);
    }

    @Override
    public String text() {
      return KIND + chain;
    }
  }

  /// @throws InvalidValueException when it is not a scope's text
  static FreezeScope parse(String text) {
    if (text.equals(Everything.TEXT)) {
      return new Everything();
    }
    if (text.startsWith(OfVault.KIND)) {
      return new OfVault(new VaultId(text.substring(OfVault.KIND.length())));
    }
    if (text.startsWith(OfWallet.KIND)) {
      return new OfWallet(new WalletId(text.substring(OfWallet.KIND.length())));
    }
    if (text.startsWith(OfChain.KIND)) {
      return new OfChain(new ChainId(text.substring(OfChain.KIND.length())));
    }
    throw InvalidValueException.of(
        "freeze scope", text, "everything, vault:NAME, wallet:NAME or chain:eip155:NUMBER");
  }
}
