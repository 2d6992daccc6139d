package dev.countersign.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import dev.countersign.hsm.pkcs11.KeyLabel.Purpose;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@WithTestEnvironment
class TokenShareSealIT {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes CONTEXT = text("cosigner-1, treasury, epoch 3");

  private final SoftHsmToken token;
  private final Pkcs11KeyBackend backend;

  TokenShareSealIT(SoftHsmToken token) {
    this.token = token;
    this.backend =
        Pkcs11KeyBackend.open(
            new Pkcs11Config(
                new BackendName("softhsm"), token.module(), token.label(), token.pinFile(), 2),
            new PermitMint(SealKey.random(RANDOM)).inspector());
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void whatIsSealedComesBackAndIsNeverSealedTheSame() {
    TokenShareSeal seal = seal("share-1");
    for (int size : new int[] {1, 32, 33, 4_096, 70_000}) {
      byte[] share = new byte[size];
      RANDOM.nextBytes(share);
      Bytes sealed = seal.seal(share, CONTEXT);
      assertThat(sealed.size()).isEqualTo(1 + 12 + size + 16);
      assertThat(seal.unseal(sealed, CONTEXT)).isEqualTo(share);
    }
    Set<Bytes> all = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      all.add(seal.seal(new byte[32], CONTEXT));
    }
    assertThat(all).hasSize(100);
  }

  @Test
  void noBitOfItCanBeChanged() {
    TokenShareSeal seal = seal("share-2");
    byte[] sealed = seal.seal(new byte[32], CONTEXT).toArray();
    for (int bit = 0; bit < 8 * sealed.length; bit += 5) {
      byte[] altered = sealed.clone();
      altered[bit / 8] ^= (byte) (1 << bit % 8);
      refused(seal, Bytes.of(altered), CONTEXT);
    }
    for (int length = 0; length < sealed.length; length++) {
      refused(seal, Bytes.of(sealed).slice(0, length), CONTEXT);
    }
    // The token is not thought to be lost for it.
    assertThat(seal.unseal(Bytes.of(sealed), CONTEXT)).isEqualTo(new byte[32]);
  }

  @Test
  void itIsOfOneContextAndOneKey() {
    TokenShareSeal seal = seal("share-3");
    Bytes sealed = seal.seal(new byte[32], CONTEXT);
    refused(seal, sealed, text("cosigner-1, treasury, epoch 4"));
    refused(seal, sealed, Bytes.EMPTY);
    refused(seal("share-4"), sealed, CONTEXT);
    assertThat(seal("share-3").unseal(sealed, CONTEXT)).isEqualTo(new byte[32]);
  }

  @Test
  void theKeyCannotLeaveTheTokenAndIsNoWallets() throws Exception {
    KeyId name = new KeyId("share-5");
    seal(name.value());
    assertThat(backend.find(name)).isEmpty();
    assertThat(backend.listKeys()).extracting(key -> key.id()).doesNotContain(name);
    try (TokenProbe probe = TokenProbe.of(token)) {
      KeyLabel label = new KeyLabel(Purpose.SHARE, name);
      long key = probe.objects().secretKeys(label).getFirst();
      probe.objects().requireUnextractable(label, key);
      assertThatThrownBy(() -> probe.objects().attribute(key, Attribute.VALUE))
          .isInstanceOf(CryptokiException.class);
    }
  }

  @Test
  void aKeyThatIsGoneIsToldAndNotReplaced() throws Exception {
    TokenShareSeal seal = seal("share-6");
    Bytes sealed = seal.seal(new byte[32], CONTEXT);
    try (TokenProbe probe = TokenProbe.of(token)) {
      KeyLabel label = new KeyLabel(Purpose.SHARE, new KeyId("share-6"));
      probe.objects().destroy(probe.objects().secretKeys(label).getFirst());
    }
    assertThatThrownBy(() -> seal.unseal(sealed, CONTEXT))
        .isInstanceOf(KeyBackendException.class)
        .hasMessageContaining("expected one key, found 0");
  }

  @Test
  void manyMaySealAtOnce() throws Exception {
    TokenShareSeal seal = seal("share-7");
    try (var threads = Executors.newFixedThreadPool(4)) {
      var all =
          IntStream.range(0, 40)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> seal.unseal(seal.seal(new byte[] {(byte) i}, CONTEXT), CONTEXT)))
              .toList();
      for (int i = 0; i < all.size(); i++) {
        assertThat(all.get(i).get()).containsExactly(i);
      }
    }
  }

  private TokenShareSeal seal(String name) {
    return backend.openOrMakeShareSeal(new KeyId(name), RANDOM);
  }

  private static void refused(TokenShareSeal seal, Bytes sealed, Bytes context) {
    assertThatThrownBy(() -> seal.unseal(sealed, context))
        .isInstanceOfSatisfying(
            KeyBackendException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BROKEN))
        .hasMessageContaining("was altered, or sealed for something else or by another key");
  }

  private static Bytes text(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
