package dev.countersign.mpc.keygen;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.key.EpochKey;
import dev.countersign.mpc.keygen.DealingPlan.Purpose;
import dev.countersign.mpc.proof.FischlinProof;
import dev.countersign.mpc.share.FeldmanVector;
import dev.countersign.mpc.share.Polynomial;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a dealer commits to in the first round and says in the third: its Feldman vector, a proof
/// that it knows the constant, its part of the chain code, and a random number that hides them all
/// before. A refresh has no constant, no proof of one and no chain code.
///
/// @param <P> points of the group
final class Opening<P extends Point<P>> {
  private static final int HIDING_BYTES = 32;

  private final FeldmanVector<P> vector;
  private final byte[] chainCode;
  private final byte[] encoded;

  private Opening(FeldmanVector<P> vector, byte[] chainCode, byte[] encoded) {
    this.vector = vector;
    this.chainCode = chainCode;
    this.encoded = encoded;
  }

  static <P extends Point<P>> Opening<P> of(
      DealingPlan<P> plan, Party dealer, Polynomial polynomial, SecureRandom random) {
    FeldmanVector<P> vector = polynomial.commitments(plan.group());
    byte[] hiding = new byte[HIDING_BYTES];
    random.nextBytes(hiding);
    byte[] chainCode = new byte[chainCodeBytes(plan)];
    random.nextBytes(chainCode);
    WireWriter out = new WireWriter(WireForm.DEALING_OPENING).fixed(hiding).fixed(chainCode);
    List<P> points = vector.points().subList(skipped(plan), vector.points().size());
    out.u8(points.size());
    points.forEach(out::point);
    if (plan.purpose() != Purpose.REFRESH) {
      FischlinProof.of(plan.group(), plan.session(), dealer, polynomial.constant(), random)
          .write(out);
    }
    return new Opening<>(vector, chainCode, out.finish());
  }

  /// Reads an opening and checks all that it says by itself.
  static <P extends Point<P>> Opening<P> read(DealingPlan<P> plan, Party dealer, byte[] encoded)
      throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.DEALING_OPENING, encoded, Optional.of(dealer));
    in.fixed(HIDING_BYTES);
    byte[] chainCode = in.fixed(chainCodeBytes(plan));
    int count = in.u8();
    int expected = plan.threshold() - skipped(plan);
    if (count != expected) {
      throw in.malformed(
          "a Feldman vector of %d commitments, expected %d".formatted(count, expected));
    }
    List<P> points = new ArrayList<>();
    if (plan.purpose() == Purpose.REFRESH) {
      points.add(plan.group().identity());
    }
    while (points.size() < plan.threshold()) {
      points.add(in.point(plan.group()));
    }
    FeldmanVector<P> vector = new FeldmanVector<>(plan.group(), points);
    if (plan.purpose() != Purpose.REFRESH) {
      FischlinProof proof = FischlinProof.read(in, plan.group().scalars());
      in.end();
      proof.verify(plan.group(), plan.session(), dealer, vector.constant());
    }
    in.end();
    Optional<P> constant = plan.constant(dealer);
    if (constant.isPresent() && !constant.get().equals(vector.constant())) {
      throw new ProtocolAbortException(
          Reason.BAD_SHARE, Optional.of(dealer), "it deals another secret than its share");
    }
    return new Opening<>(vector, chainCode, encoded);
  }

  /// How many points of a vector are not said because all know them.
  private static int skipped(DealingPlan<?> plan) {
    return plan.purpose() == Purpose.REFRESH ? 1 : 0;
  }

  private static int chainCodeBytes(DealingPlan<?> plan) {
    return plan.purpose() == Purpose.GENERATION ? EpochKey.CHAIN_CODE_BYTES : 0;
  }

  /// 32 bytes, which nobody else can use and no other session.
  byte[] commitment(SessionId session, Party dealer) {
    return commitment(session, dealer, encoded);
  }

  static byte[] commitment(SessionId session, Party dealer, byte[] encoded) {
    return Transcript.of("dealing commitment")
        .add("session", session)
        .add("dealer", dealer)
        .add("opening", encoded)
        .digest();
  }

  FeldmanVector<P> vector() {
    return vector;
  }

  /// This dealer's part, 32 bytes or none.
  byte[] chainCode() {
    return chainCode.clone();
  }

  byte[] encode() {
    return encoded.clone();
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Opening<?> other && Arrays.equals(encoded, other.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }
}
