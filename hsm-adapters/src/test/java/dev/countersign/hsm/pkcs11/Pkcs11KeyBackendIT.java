package dev.countersign.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.decision.PermitInspector;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackend.BackendKey;
import dev.countersign.core.port.KeyBackend.SigningOutcome;
import dev.countersign.core.port.KeyBackendContract;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The contract on a real SoftHSM token, and what is PKCS#11's own.
@WithTestEnvironment
class Pkcs11KeyBackendIT extends KeyBackendContract {
  private final SoftHsmToken token;

  Pkcs11KeyBackendIT(SoftHsmToken token) {
    this.token = token;
  }

  @Override
  protected KeyBackend open(PermitInspector inspector) {
    return Pkcs11KeyBackend.open(config("softhsm", 4), inspector);
  }

  private Pkcs11Config config(String name, int parallelism) {
    return new Pkcs11Config(
        new BackendName(name), token.module(), token.label(), token.pinFile(), parallelism);
  }

  @Test
  void keysCannotLeaveTheToken() throws Exception {
    KeyId name = newName();
    backend().createKey(name);

    try (TokenProbe probe = TokenProbe.of(token)) {
      KeyLabel label = new KeyLabel(name);
      long key = probe.objects().privateKeys(label).getFirst();

      probe.objects().requireUnextractable(label, key);
      assertThat(probe.objects().publicKeys(label)).hasSize(1);
      assertThat(probe.objects().certificates(label)).hasSize(1);
      assertThatThrownBy(() -> probe.objects().attribute(key, Attribute.VALUE))
          .as("asking for the private number")
          .isInstanceOf(CryptokiException.class)
          .hasMessageContaining("0x11");
    }
  }

  @Test
  void refusesAKeyThatCouldLeaveTheToken() throws Exception {
    KeyId name = newName();
    try (TokenProbe probe = TokenProbe.of(token)) {
      probe.makeExtractable(new KeyLabel(name));

      assertThatThrownBy(() -> backend().createKey(name))
          .isInstanceOfSatisfying(
              KeyBackendException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(Kind.BROKEN);
                assertThat(e).hasMessageContaining("CKA_EXTRACTABLE should be false");
              });
      assertThat(backend().find(name)).isEmpty();
    }
  }

  @Test
  void refusesAKeyWhoseCertificateIsOfAnother() throws Exception {
    KeyId name = newName();
    KeyId other = newName();
    BackendKey otherKey = backend().createKey(other);
    try (TokenProbe probe = TokenProbe.of(token)) {
      probe.makeWithCertificateOf(new KeyLabel(name), otherKey.publicKey());
    }

    assertThatThrownBy(() -> backend().find(name))
        .isInstanceOfSatisfying(
            KeyBackendException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.BROKEN);
              assertThat(e).hasMessageContaining("its public key does not verify");
            });
    assertThat(backend().sign(List.of(permit(name, "x"))))
        .singleElement()
        .isInstanceOf(SigningOutcome.Refused.class);
    assertThat(backend().listKeys())
        .extracting(BackendKey::id)
        .contains(other)
        .doesNotContain(name);
  }

  @Test
  void completesAKeyThatACrashLeftWithoutItsCertificate() throws Exception {
    KeyId name = newName();
    try (TokenProbe probe = TokenProbe.of(token)) {
      probe.makeWithoutCertificate(new KeyLabel(name));
    }
    assertThat(backend().find(name)).isEmpty();

    BackendKey completed = backend().createKey(name);

    assertThat(backend().find(name)).contains(completed);
    assertThat(backend().sign(List.of(permit(name, "whole again"))))
        .singleElement()
        .isInstanceOf(SigningOutcome.Signed.class);
  }

  @Test
  void leavesKeysOfOthersAlone() throws Exception {
    try (TokenProbe probe = TokenProbe.of(token)) {
      probe.makeForeign("someone-else".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      probe.makeForeign("countersign:Not A Name".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    assertThat(backend().listKeys())
        .extracting(key -> key.id().value())
        .noneMatch(name -> name.contains("someone") || name.contains("Not"));
  }

  @Test
  void findsAKeyThatAnotherProcessMade() throws Exception {
    KeyId name = newName();
    try (TokenProbe probe = TokenProbe.of(token)) {
      probe.makeWhole(new KeyLabel(name));
    }

    assertThat(backend().find(name)).isPresent();
    assertThat(backend().sign(List.of(permit(name, "shared"))))
        .singleElement()
        .isInstanceOf(SigningOutcome.Signed.class);
  }
}
