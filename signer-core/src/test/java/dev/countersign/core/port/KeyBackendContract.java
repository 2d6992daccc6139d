package dev.countersign.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.decision.Permit;
import dev.countersign.core.decision.PermitInspector;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.PermitTerms;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.evm.Secp256k1Curve;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.KeyBackend.BackendKey;
import dev.countersign.core.port.KeyBackend.SigningOutcome;
import dev.countersign.core.port.KeyBackendException.Kind;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What every [KeyBackend] must do. An implementation extends this and says how to [#open] one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class KeyBackendContract {
  private static final AtomicInteger KEYS = new AtomicInteger();
  private static final int MANY = 1000;
  private static final int CALLERS = 8;

  private final PermitMint mint = new PermitMint(SealKey.random(new SecureRandom()));

  @SuppressWarnings("NullAway.Init") // by openBackend, before any test
  private KeyBackend backend;

  @SuppressWarnings("NullAway.Init") // by openBackend, before any test
  private KeyId signer;

  /// Opens the backend under test. It is closed after the class if it is [AutoCloseable].
  protected abstract KeyBackend open(PermitInspector inspector);

  @BeforeAll
  final void openBackend() {
    backend = open(mint.inspector());
    signer = newName();
    backend.createKey(signer);
  }

  @AfterAll
  final void closeBackend() throws Exception {
    if (backend instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }

  /// The backend under test, opened.
  protected final KeyBackend backend() {
    return backend;
  }

  /// A name that no key of this test run has.
  protected final KeyId newName() {
    return new KeyId("contract-%d-%x".formatted(KEYS.incrementAndGet(), System.nanoTime()));
  }

  protected final Permit permit(KeyId key, String payload) {
    return mint.issue(terms(backend.name(), key, payload));
  }

  @Test
  void doesNotFindAKeyThatIsNotThere() {
    assertThat(backend.find(newName())).isEmpty();
  }

  @Test
  void findsAndListsAKeyItMade() {
    KeyId name = newName();

    BackendKey made = backend.createKey(name);

    assertThat(made.id()).isEqualTo(name);
    assertThat(backend.find(name)).contains(made);
    assertThat(backend.listKeys()).contains(made);
    assertThat(backend.listKeys()).extracting(BackendKey::id).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void givesEachKeyAPublicKeyOfItsOwn() {
    assertThat(backend.createKey(newName()).publicKey())
        .isNotEqualTo(backend.createKey(newName()).publicKey());
  }

  @Test
  void refusesASecondKeyOfOneNameAndKeepsTheFirst() {
    KeyId name = newName();
    BackendKey first = backend.createKey(name);

    assertThatThrownBy(() -> backend.createKey(name))
        .isInstanceOfSatisfying(
            KeyBackendException.class, e -> assertThat(e.kind()).isEqualTo(Kind.KEY_EXISTS));

    assertThat(backend.find(name)).contains(first);
    assertSigned(backend.sign(List.of(permit(name, "after"))), first, List.of("after"));
  }

  @Test
  void makesOneKeyWhenManyAskForTheSame() {
    KeyId name = newName();
    AtomicInteger made = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();

    inParallel(
        i -> {
          try {
            backend.createKey(name);
            made.incrementAndGet();
          } catch (KeyBackendException e) {
            assertThat(e.kind()).isEqualTo(Kind.KEY_EXISTS);
            refused.incrementAndGet();
          }
        });

    assertThat(made).hasValue(1);
    assertThat(refused).hasValue(CALLERS - 1);
    assertThat(backend.find(name)).isPresent();
  }

  @Test
  void signsTheKeccak256OfThePayload() {
    Permit permit = permit(signer, "hello");
    assertThat(permit.signingDigest()).isEqualTo(Keccak.hash(payload("hello").toArray()));

    assertSigned(backend.sign(List.of(permit)), key(signer), List.of("hello"));
  }

  @Test
  void everySignatureIsLowAndRecovers() {
    List<String> payloads = IntStream.range(0, MANY).mapToObj(i -> "payload " + i).toList();

    List<SigningOutcome> outcomes =
        backend.sign(payloads.stream().map(p -> permit(signer, p)).toList());

    assertSigned(outcomes, key(signer), payloads);
    assertThat(outcomes)
        .extracting(outcome -> ((SigningOutcome.Signed) outcome).signature().yParity())
        .contains(0, 1);
  }

  @Test
  void signsOnePermitAsOftenAsAsked() {
    Permit permit = permit(signer, "again");

    assertSigned(
        backend.sign(List.of(permit, permit)), key(signer), Collections.nCopies(2, "again"));
  }

  @Test
  void answersNothingForNothing() {
    assertThat(backend.sign(List.of())).isEmpty();
  }

  @Test
  void refusesAForgedPermit() {
    Permit forged =
        new PermitMint(SealKey.random(new SecureRandom()))
            .issue(terms(backend.name(), signer, "mine"));

    assertThat(backend.sign(List.of(forged)))
        .singleElement()
        .isInstanceOf(SigningOutcome.Refused.class);
  }

  @Test
  void refusesAPermitForAnotherBackend() {
    Permit elsewhere = mint.issue(terms(new BackendName("elsewhere"), signer, "theirs"));

    assertThat(backend.sign(List.of(elsewhere)))
        .singleElement()
        .isInstanceOfSatisfying(
            SigningOutcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("elsewhere"));
  }

  @Test
  void cannotSignNowWithAKeyThatIsNotThere() {
    KeyId unknown = newName();

    assertThat(backend.sign(List.of(permit(unknown, "nobody"))))
        .singleElement()
        .isInstanceOfSatisfying(
            SigningOutcome.Unavailable.class,
            missing -> assertThat(missing.reason()).contains(unknown.value()));
  }

  @Test
  void answersEachPermitInOrderWhateverTheOthersGet() {
    Permit forged =
        new PermitMint(SealKey.random(new SecureRandom()))
            .issue(terms(backend.name(), signer, "x"));

    List<SigningOutcome> outcomes =
        backend.sign(
            List.of(
                permit(signer, "first"),
                forged,
                permit(signer, "third"),
                permit(newName(), "fourth"),
                permit(signer, "fifth")));

    assertThat(outcomes).hasSize(5);
    assertSigned(outcomes.subList(0, 1), key(signer), List.of("first"));
    assertThat(outcomes.get(1)).isInstanceOf(SigningOutcome.Refused.class);
    assertSigned(outcomes.subList(2, 3), key(signer), List.of("third"));
    assertThat(outcomes.get(3)).isInstanceOf(SigningOutcome.Unavailable.class);
    assertSigned(outcomes.subList(4, 5), key(signer), List.of("fifth"));
  }

  @Test
  void signsForManyCallersAtOnceWithManyKeys() {
    List<BackendKey> keys = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      keys.add(backend.createKey(newName()));
    }

    inParallel(
        caller -> {
          for (int round = 0; round < 10; round++) {
            BackendKey key = keys.get((caller + round) % CALLERS);
            List<String> payloads = List.of(caller + " " + round, round + " of " + caller, "both");
            assertSigned(
                backend.sign(payloads.stream().map(p -> permit(key.id(), p)).toList()),
                key,
                payloads);
          }
        });
  }

  private BackendKey key(KeyId name) {
    return backend.find(name).orElseThrow();
  }

  private static void assertSigned(
      List<SigningOutcome> outcomes, BackendKey key, List<String> payloads) {
    assertThat(outcomes).hasSameSizeAs(payloads).hasOnlyElementsOfType(SigningOutcome.Signed.class);
    for (int i = 0; i < payloads.size(); i++) {
      RecoverableSignature signature = ((SigningOutcome.Signed) outcomes.get(i)).signature();
      assertThat(signature.s()).isLessThanOrEqualTo(halfOrder());
      assertThat(signature.yParity()).isBetween(0, 1);
      assertThat(
              Secp256k1Curve.verifies(
                  Keccak.hash(payload(payloads.get(i)).toArray()), signature, key.publicKey()))
          .as("signature of '%s' by %s", payloads.get(i), key.id())
          .isTrue();
    }
  }

  private static BigInteger halfOrder() {
    return Secp256k1Curve.ORDER.shiftRight(1);
  }

  private static PermitTerms terms(BackendName backend, KeyId key, String payload) {
    return new PermitTerms(
        new SigningRequestId(UUID.nameUUIDFromBytes(payload(payload).toArray())),
        backend,
        key,
        payload(payload),
        new PolicyVersion(1, Keccak.hash(new byte[] {1})),
        List.of());
  }

  private static Bytes payload(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Bytes.of(ByteBuffer.allocate(1 + bytes.length).put((byte) 2).put(bytes).array());
  }

  private static void inParallel(IntConsumer work) {
    try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
      CompletableFuture.allOf(
              IntStream.range(0, CALLERS)
                  .mapToObj(i -> CompletableFuture.runAsync(() -> work.accept(i), threads))
                  .toArray(CompletableFuture<?>[]::new))
          .join();
    } catch (CompletionException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
