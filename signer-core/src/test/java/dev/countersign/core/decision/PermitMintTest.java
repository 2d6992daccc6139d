package dev.countersign.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.Replacement;
import dev.countersign.core.request.SigningRequestId;
import java.lang.reflect.Modifier;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PermitMintTest {
  private static final SigningRequestId REQUEST =
      SigningRequestId.parse("018f3a5e-0000-7000-8000-000000000001");
  private static final SigningRequestId OTHER_REQUEST =
      SigningRequestId.parse("018f3a5e-0000-7000-8000-000000000002");
  private static final PolicyVersion POLICY = new PolicyVersion(1, digest(1));
  private static final PermitTerms TERMS =
      new PermitTerms(
          REQUEST,
          new BackendName("softhsm"),
          new KeyId("hot-1"),
          Bytes.fromHex("0x02c0"),
          POLICY,
          List.of());

  private final SealKey key = SealKey.random(new SecureRandom());
  private final PermitMint mint = new PermitMint(key);

  @Test
  void knowsItsOwnPermits() {
    Permit permit = mint.issue(TERMS);

    assertThat(mint.inspector().fault(permit)).isEmpty();
    assertThat(permit.terms()).isEqualTo(TERMS);
    assertThat(permit.signingDigest()).isEqualTo(TERMS.signingDigest());
  }

  @Test
  void refusesAPermitOfAnotherMint() {
    Permit foreign = new PermitMint(SealKey.random(new SecureRandom())).issue(TERMS);

    assertThat(mint.inspector().fault(foreign)).isPresent();
  }

  static Stream<PermitTerms> otherTerms() {
    BackendName backend = TERMS.backend();
    KeyId key = TERMS.key();
    Bytes payload = TERMS.payload();
    List<Digest32> approvals = TERMS.approvals();
    return Stream.of(
        new PermitTerms(OTHER_REQUEST, backend, key, payload, POLICY, approvals),
        new PermitTerms(REQUEST, new BackendName("other"), key, payload, POLICY, approvals),
        new PermitTerms(REQUEST, backend, new KeyId("hot-2"), payload, POLICY, approvals),
        new PermitTerms(REQUEST, backend, key, Bytes.fromHex("0x02c1"), POLICY, approvals),
        new PermitTerms(REQUEST, backend, key, payload, new PolicyVersion(2, digest(1)), approvals),
        new PermitTerms(REQUEST, backend, key, payload, new PolicyVersion(1, digest(3)), approvals),
        new PermitTerms(REQUEST, backend, key, payload, POLICY, List.of(digest(2))),
        new PermitTerms(REQUEST, backend, key, payload, POLICY, List.of(digest(2), digest(2))),
        TERMS.by("pay"),
        TERMS.replacing(new Replacement(1, PayloadPurpose.SPEED_UP, digest(1))),
        TERMS.replacing(new Replacement(1, PayloadPurpose.SPEED_UP, digest(1))).by("pay"),
        // The same letters, with the border between two fields moved by one.
        new PermitTerms(
            REQUEST, new BackendName("softhsmh"), new KeyId("ot-1"), payload, POLICY, approvals));
  }

  @Test
  void anyMintOfTheSameKeyReopensAStoredPermit() {
    Permit issued = mint.issue(TERMS);
    PermitMint restarted = new PermitMint(key);

    Permit reopened = restarted.reopen(TERMS, mint.sealOf(issued), Optional.empty()).orElseThrow();

    assertThat(reopened.terms()).isEqualTo(TERMS);
    assertThat(mint.inspector().fault(reopened)).isEmpty();
    assertThat(restarted.inspector().fault(issued)).isEmpty();
  }

  @Test
  void theRuleIsSealed() {
    Permit issued = mint.issue(TERMS.by("pay"));

    assertThat(mint.reopen(TERMS.by("pay"), mint.sealOf(issued), Optional.empty())).isPresent();
    assertThat(mint.reopen(TERMS.by("other"), mint.sealOf(issued), Optional.empty())).isEmpty();
    assertThat(mint.reopen(TERMS, mint.sealOf(issued), Optional.empty())).isEmpty();
  }

  @Test
  void reopensNothingWithoutItsSeal() {
    Bytes seal = mint.sealOf(mint.issue(TERMS));
    Bytes foreign = new PermitMint(SealKey.random(new SecureRandom())).issue(TERMS).seal();

    assertThat(mint.reopen(TERMS, foreign, Optional.empty())).isEmpty();
    assertThat(mint.reopen(TERMS, Bytes.EMPTY, Optional.empty())).isEmpty();
    assertThat(mint.reopen(TERMS, Bytes.of(new byte[seal.size()]), Optional.empty())).isEmpty();
    assertThat(otherTerms())
        .allSatisfy(other -> assertThat(mint.reopen(other, seal, Optional.empty())).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("otherTerms")
  void aSealIsGoodForItsOwnTermsOnly(PermitTerms others) {
    Permit moved = new Permit(others, mint.issue(TERMS).seal(), Optional.empty());

    assertThat(mint.inspector().fault(moved)).isPresent();
  }

  @Test
  void refusesATouchedSeal() {
    byte[] seal = mint.issue(TERMS).seal().toArray();
    for (int i = 0; i < seal.length; i++) {
      byte[] touched = seal.clone();
      touched[i] ^= 1;
      assertThat(mint.inspector().fault(new Permit(TERMS, Bytes.of(touched), Optional.empty())))
          .isPresent();
    }
    assertThat(mint.inspector().fault(new Permit(TERMS, Bytes.EMPTY, Optional.empty())))
        .isPresent();
  }

  @Test
  void nobodyOutsideCanMakeOrReadASeal() {
    assertThat(Permit.class.getDeclaredConstructors())
        .noneMatch(constructor -> Modifier.isPublic(constructor.getModifiers()));
    assertThat(Permit.class.getMethods()).noneMatch(method -> method.getName().equals("seal"));
    assertThat(Modifier.isFinal(Permit.class.getModifiers())).isTrue();
    assertThat(Arrays.stream(PermitMint.class.getMethods()).map(method -> method.getName()))
        .doesNotContain("key", "seal");
    assertThat(mint.issue(TERMS).toString()).doesNotContain(TERMS.payload().hex());
  }

  private static Digest32 digest(int last) {
    byte[] bytes = new byte[Digest32.SIZE];
    bytes[Digest32.SIZE - 1] = (byte) last;
    return Digest32.of(bytes);
  }
}
