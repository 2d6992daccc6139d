package dev.countersign.mpc.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Ed25519Group;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FischlinProofTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Secp256k1Group GROUP = Secp256k1Group.INSTANCE;
  private static final SessionId SESSION = SessionId.ofBytes(new byte[32]);
  private static final Party PROVER = new Party(2);
  private static final int HEADER = 2;

  private final Scalar secret = GROUP.scalars().random(RANDOM);
  private final Secp256k1Point point = GROUP.generate(secret);
  private final FischlinProof proof = FischlinProof.of(GROUP, SESSION, PROVER, secret, RANDOM);

  private static byte[] encode(FischlinProof proof) {
    WireWriter out = new WireWriter(WireForm.DEALING_OPENING);
    proof.write(out);
    return out.finish();
  }

  private static FischlinProof decode(byte[] bytes) throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.DEALING_OPENING, bytes, Optional.of(PROVER));
    FischlinProof read = FischlinProof.read(in, GROUP.scalars());
    in.end();
    return read;
  }

  @Test
  void whoKnowsTheScalarProvesIt() throws Exception {
    holds(Secp256k1Group.INSTANCE);
    holds(Ed25519Group.INSTANCE);
  }

  private static <P extends Point<P>> void holds(Group<P> group) throws ProtocolAbortException {
    for (int i = 0; i < 5; i++) {
      Scalar secret = group.scalars().random(RANDOM);
      FischlinProof.of(group, SESSION, PROVER, secret, RANDOM)
          .verify(group, SESSION, PROVER, group.generate(secret));
    }
  }

  @Test
  void aProofIsForOnePointProverAndSession() {
    SessionId other = SESSION.within("other", new byte[0]);
    refused(proof, SESSION, PROVER, point.plus(GROUP.generator()));
    refused(proof, SESSION, new Party(1), point);
    refused(proof, other, PROVER, point);
    refused(proof, SESSION, PROVER, GROUP.identity());
  }

  private static void refused(
      FischlinProof proof, SessionId session, Party prover, Secp256k1Point point) {
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(() -> proof.verify(GROUP, session, prover, point))
        .satisfies(
            abort -> {
              assertThat(abort.reason()).isEqualTo(Reason.BAD_PROOF);
              assertThat(abort.culprit()).hasValue(prover);
            });
  }

  @Test
  void parametersAreConstants() {
    assertThat(FischlinProof.REPETITIONS * FischlinProof.ZERO_BITS).isEqualTo(128);
    assertThat(encode(proof)).hasSize(HEADER + FischlinProof.BYTES);
    assertThat(FischlinProof.BYTES).isEqualTo(544);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 34, 543, 545, 578})
  void emptyShortAndLongProofsAreRefused(int length) {
    byte[] bytes = Arrays.copyOf(encode(proof), HEADER + length);
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(() -> decode(bytes))
        .satisfies(abort -> assertThat(abort.reason()).isEqualTo(Reason.MALFORMED));
  }

  @Test
  void aChallengeOfMoreBitsIsRefused() {
    byte[] bytes = encode(proof);
    bytes[HEADER] |= (byte) (1 << (FischlinProof.CHALLENGE_BITS - Byte.SIZE));
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(() -> decode(bytes))
        .withMessageContaining("a challenge of at most 13 bits");
  }

  @Test
  void noByteOfAProofCanBeChanged() throws Exception {
    byte[] bytes = encode(proof);
    decode(bytes).verify(GROUP, SESSION, PROVER, point);
    for (int i = HEADER; i < bytes.length; i += 5) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      assertThatExceptionOfType(ProtocolAbortException.class)
          .isThrownBy(() -> decode(changed).verify(GROUP, SESSION, PROVER, point));
    }
  }

  /// One repetition that holds, said sixteen times.
  @Test
  void repetitionsAreNotEachOther() throws Exception {
    byte[] bytes = encode(proof);
    int size = FischlinProof.BYTES / FischlinProof.REPETITIONS;
    for (int i = 1; i < FischlinProof.REPETITIONS; i++) {
      System.arraycopy(bytes, HEADER, bytes, HEADER + i * size, size);
    }
    FischlinProof repeated = decode(bytes);
    refused(repeated, SESSION, PROVER, point);
  }
}
