package dev.countersign.mpc.proof;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// That somebody knows the discrete logarithm of a point: Schnorr's proof many times over, made
/// non-interactive by Fischlin's transform (Communication-efficient non-interactive proofs of
/// knowledge with online extractors, 2005, section 3). Whoever sees the prover's hashes can extract
/// the scalar without rewinding, also where many proofs run at once.
///
/// Each repetition's challenge is searched for until a hash of the repetition ends in
/// [#ZERO_BITS] zeros. How often, and how long a challenge is, are constants: a proof cannot choose
/// them. Prover and session go into every hash, so that a proof is nobody else's and of no other
/// run. Commitments are not sent: they follow from challenge and response.
public final class FischlinProof {
  /// Times [#ZERO_BITS] is the soundness in bits: 128.
  public static final int REPETITIONS = 16;

  public static final int ZERO_BITS = 8;

  /// Of a challenge. With five more than there are zeros, a search fails once in 2^46.
  public static final int CHALLENGE_BITS = ZERO_BITS + 5;

  /// Of an encoded proof: challenges of two bytes and responses.
  public static final int BYTES = REPETITIONS * (2 + ScalarField.BYTES);

  private static final int CHALLENGES = 1 << CHALLENGE_BITS;
  private static final byte[] REPETITION =
      "countersign-mpc-1 fischlin repetition".getBytes(StandardCharsets.US_ASCII);

  private final List<Integer> challenges;
  private final List<Scalar> responses;

  private FischlinProof(List<Integer> challenges, List<Scalar> responses) {
    this.challenges = List.copyOf(challenges);
    this.responses = List.copyOf(responses);
  }

  /// @param secret what is known; not wiped here
  public static <P extends Point<P>> FischlinProof of(
      Group<P> group, SessionId session, Party prover, Scalar secret, SecureRandom random) {
    P point = group.generate(secret);
    while (true) {
      Optional<FischlinProof> proof = attempt(group, session, prover, secret, point, random);
      if (proof.isPresent()) {
        return proof.get();
      }
    }
  }

  private static <P extends Point<P>> Optional<FischlinProof> attempt(
      Group<P> group,
      SessionId session,
      Party prover,
      Scalar secret,
      P point,
      SecureRandom random) {
    List<Scalar> nonces = new ArrayList<>();
    List<P> commitments = new ArrayList<>();
    for (int i = 0; i < REPETITIONS; i++) {
      Scalar nonce = group.scalars().random(random);
      nonces.add(nonce);
      commitments.add(group.generate(nonce));
    }
    byte[] common = common(group, session, prover, point, commitments);
    List<Integer> challenges = new ArrayList<>();
    List<Scalar> responses = new ArrayList<>();
    for (int i = 0; i < REPETITIONS; i++) {
      Scalar response = nonces.get(i);
      int challenge = 0;
      while (challenge < CHALLENGES && !isFound(common, i, challenge, response)) {
        // k + (e + 1)·x from k + e·x. What is passed over would be the secret next to another one.
        Scalar next = response.plus(secret);
        response.wipe();
        response = next;
        challenge++;
      }
      if (challenge == CHALLENGES) {
        response.wipe();
        nonces.forEach(Scalar::wipe);
        return Optional.empty();
      }
      challenges.add(challenge);
      responses.add(response);
    }
    return Optional.of(new FischlinProof(challenges, responses));
  }

  private static <P extends Point<P>> byte[] common(
      Group<P> group, SessionId session, Party prover, P point, List<P> commitments) {
    return Transcript.of("fischlin")
        .add("session", session)
        .add("prover", prover)
        .add("group", group.scalars().toString())
        .add("point", point)
        .addAll("commitments", commitments.stream().map(Point::encode).toList())
        .digest();
  }

  /// All of its fields have one length each.
  private static boolean isFound(byte[] common, int repetition, int challenge, Scalar response) {
    byte[] encoded = response.encode();
    MessageDigest digest = sha256();
    digest.update(REPETITION);
    digest.update(common);
    digest.update(
        new byte[] {(byte) repetition, (byte) (challenge >>> Byte.SIZE), (byte) challenge});
    byte[] hash = digest.digest(encoded);
    Arrays.fill(encoded, (byte) 0);
    return hash[hash.length - 1] == 0;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @throws ProtocolAbortException with BAD_PROOF, which names the prover
  public <P extends Point<P>> void verify(Group<P> group, SessionId session, Party prover, P point)
      throws ProtocolAbortException {
    if (point.isIdentity()) {
      throw bad(prover, "a proof of knowledge for the identity");
    }
    List<P> commitments = new ArrayList<>();
    for (int i = 0; i < REPETITIONS; i++) {
      Scalar opposite = group.scalars().of(challenges.get(i)).negated();
      P commitment = group.generate(responses.get(i)).plus(point.timesPublic(opposite));
      if (commitment.isIdentity()) {
        throw bad(prover, "a proof of knowledge with a nonce of zero");
      }
      commitments.add(commitment);
    }
    byte[] common = common(group, session, prover, point, commitments);
    for (int i = 0; i < REPETITIONS; i++) {
      if (!isFound(common, i, challenges.get(i), responses.get(i))) {
        throw bad(prover, "its proof of knowledge does not hold");
      }
    }
  }

  private static ProtocolAbortException bad(Party prover, String what) {
    return new ProtocolAbortException(Reason.BAD_PROOF, Optional.of(prover), what);
  }

  public void write(WireWriter out) {
    for (int i = 0; i < REPETITIONS; i++) {
      int challenge = challenges.get(i);
      out.u16(challenge).scalar(responses.get(i));
    }
  }

  /// Reads [#BYTES] bytes.
  public static FischlinProof read(WireReader in, ScalarField field) throws ProtocolAbortException {
    List<Integer> challenges = new ArrayList<>();
    List<Scalar> responses = new ArrayList<>();
    for (int i = 0; i < REPETITIONS; i++) {
      int challenge = in.u16();
      if (challenge >= CHALLENGES) {
        throw in.malformed(
            "a challenge of at most %d bits, got %d".formatted(CHALLENGE_BITS, challenge));
      }
      challenges.add(challenge);
      responses.add(in.scalar(field));
    }
    return new FischlinProof(challenges, responses);
  }
}
