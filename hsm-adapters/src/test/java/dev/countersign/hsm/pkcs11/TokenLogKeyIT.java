package dev.countersign.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.hsm.pkcs11.KeyLabel.Purpose;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@WithTestEnvironment
class TokenLogKeyIT {
  private static final byte[] MESSAGE = "example.com/log\n1\n".getBytes(StandardCharsets.UTF_8);

  private final SoftHsmToken token;
  private final Pkcs11KeyBackend backend;

  TokenLogKeyIT(SoftHsmToken token) {
    this.token = token;
    this.backend =
        Pkcs11KeyBackend.open(
            new Pkcs11Config(
                new BackendName("softhsm"), token.module(), token.label(), token.pinFile(), 2),
            new PermitMint(SealKey.random(new SecureRandom())).inspector());
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void signsWhatAnybodyCanVerify() throws Exception {
    TokenLogKey key = backend.openOrMakeLogKey(new KeyId("log-1"));

    byte[] signature = key.sign(MESSAGE);

    // Read by the JDK's own types: little-endian y, and the sign of x in the highest bit.
    byte[] encoded = key.publicKey().toArray();
    boolean odd = (encoded[31] & 0x80) != 0;
    encoded[31] &= 0x7f;
    byte[] bigEndian = new byte[32];
    for (int i = 0; i < 32; i++) {
      bigEndian[i] = encoded[31 - i];
    }
    Signature ed25519 = Signature.getInstance("Ed25519");
    ed25519.initVerify(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(
                new EdECPublicKeySpec(
                    NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, bigEndian)))));
    ed25519.update(MESSAGE);
    assertThat(ed25519.verify(signature)).isTrue();
  }

  @Test
  void theSameNameIsTheSameKey() {
    TokenLogKey first = backend.openOrMakeLogKey(new KeyId("log-2"));
    assertThat(backend.openOrMakeLogKey(new KeyId("log-2")).publicKey())
        .isEqualTo(first.publicKey());
    assertThat(backend.openOrMakeLogKey(new KeyId("log-3")).publicKey())
        .isNotEqualTo(first.publicKey());
  }

  @Test
  void isNoKeyOfAWallet() {
    KeyId name = new KeyId("log-4");
    TokenLogKey log = backend.openOrMakeLogKey(name);
    assertThat(backend.find(name)).isEmpty();
    backend.createKey(name);
    assertThat(backend.find(name)).isPresent();
    assertThat(backend.openOrMakeLogKey(name).publicKey()).isEqualTo(log.publicKey());
    assertThat(backend.listKeys()).extracting(key -> key.id()).contains(name).hasSize(1);
  }

  @Test
  void cannotLeaveTheToken() throws Exception {
    backend.openOrMakeLogKey(new KeyId("log-5"));
    try (TokenProbe probe = TokenProbe.of(token)) {
      KeyLabel label = new KeyLabel(Purpose.LOG, new KeyId("log-5"));
      long key = probe.objects().privateKeys(label).getFirst();
      probe.objects().requireUnextractable(label, key);
      assertThatThrownBy(() -> probe.objects().attribute(key, Attribute.VALUE))
          .isInstanceOf(CryptokiException.class);
    }
  }

  @Test
  void aKeyThatIsGoneIsToldAndNotReplaced() throws Exception {
    TokenLogKey key = backend.openOrMakeLogKey(new KeyId("log-6"));
    try (TokenProbe probe = TokenProbe.of(token)) {
      KeyLabel label = new KeyLabel(Purpose.LOG, new KeyId("log-6"));
      probe.objects().destroy(probe.objects().privateKeys(label).getFirst());
    }
    assertThatThrownBy(() -> key.sign(MESSAGE))
        .isInstanceOf(KeyBackendException.class)
        .hasMessageContaining("expected one private key, found 0");
  }

  @Test
  void manyMaySignAtOnce() throws Exception {
    TokenLogKey key = backend.openOrMakeLogKey(new KeyId("log-7"));
    byte[] expected = key.sign(MESSAGE);
    try (var threads = Executors.newFixedThreadPool(4)) {
      var signatures =
          IntStream.range(0, 40).mapToObj(_ -> threads.submit(() -> key.sign(MESSAGE))).toList();
      for (var signature : signatures) {
        assertThat(signature.get()).isEqualTo(expected);
      }
    }
  }
}
