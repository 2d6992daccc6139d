package dev.countersign.core.freeze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.PublicKey;
import dev.countersign.core.model.Tier;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreezeTest {
  private static final ChainId MAINNET = ChainId.ofEip155(1);
  private static final Wallet HOT =
      new Wallet(
          new WalletId("hot-1"),
          new VaultId("treasury"),
          Tier.HOT,
          "Hot",
          new BackendName("softhsm"),
          new KeyId("hot-1"),
          new PublicKey(Bytes.fromHex("0x04" + "5e".repeat(64))));

  @ParameterizedTest
  @CsvSource({
    "everything, true",
    "vault:treasury, true",
    "vault:hot-1, false",
    "wallet:hot-1, true",
    "wallet:hot-11, false",
    "wallet:treasury, false",
    "chain:eip155:1, true",
    "chain:eip155:10, false"
  })
  void aScopeCoversWhatItNamesAndNothingElse(String text, boolean covers) {
    FreezeScope scope = FreezeScope.parse(text);
    assertThat(scope.covers(HOT, MAINNET)).isEqualTo(covers);
    assertThat(scope.text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "all",
        "Everything",
        "everything ",
        "wallet:",
        "wallet:Hot",
        "wallet: hot-1",
        "chain:1",
        "chain:eip155:01",
        "key:x"
      })
  void whatIsNoScopeIsRefused(String text) {
    assertThatThrownBy(() -> FreezeScope.parse(text)).isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", " a", "a ", "a\nb", "a\tb", "a\u202eb", "a\u200bb", "a\ud800"})
  void aReasonIsOneLineOfWhatCanBeSeen(String text) {
    assertThatThrownBy(() -> new FreezeReason(text)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aReasonHasAnEnd() {
    assertThat(new FreezeReason("é".repeat(500)).value()).hasSize(500);
    assertThatThrownBy(() -> new FreezeReason("é".repeat(501)))
        .isInstanceOf(InvalidValueException.class);
  }

  /// These bytes are signed by approvers: they never change.
  @Test
  void theStatementOfAThawHasTheseBytes() {
    Freeze freeze = freeze("wallet:hot-1");
    ThawStatement statement = new ThawStatement(freeze, Instant.parse("2026-11-22T20:00:00Z"));
    assertThat(new String(statement.canonical().toArray(), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            countersign/thaw/v1
            freeze: 6b1f0000-0000-4000-8000-000000000001
            scope: wallet:hot-1
            frozen-at: 2026-11-22T18:41:00.123456Z
            expires: 2026-11-22T20:00:00.000000Z
            reason: scope: everything, in doubt
            """);
  }

  @Test
  void theOldestFreezeThatCoversIsNamed() {
    Freeze other = freeze("wallet:hot-2");
    Freeze vault = freeze("vault:treasury");
    Freeze wallet = freeze("wallet:hot-1");
    FrozenScopes frozen = new FrozenScopes(List.of(other, vault, wallet));
    assertThat(frozen.covering(HOT, MAINNET)).contains(vault);
    assertThat(frozen.of(new FreezeScope.OfWallet(new WalletId("hot-1")))).contains(wallet);
    assertThat(vault.denial())
        .isEqualTo(
            "vault:treasury is frozen since 2026-11-22T18:41:00.123456Z by risk:"
                + " scope: everything, in doubt");
  }

  private static Freeze freeze(String scope) {
    return new Freeze(
        FreezeId.parse("6b1f0000-0000-4000-8000-000000000001"),
        FreezeScope.parse(scope),
        new FreezeReason("scope: everything, in doubt"),
        "risk",
        Instant.parse("2026-11-22T18:41:00.123456Z"));
  }
}
