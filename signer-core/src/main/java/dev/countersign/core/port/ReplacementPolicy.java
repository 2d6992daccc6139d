package dev.countersign.core.port;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/// Judges what is to take the place of a payload that was allowed and signed.
public interface ReplacementPolicy {

  /// The most that gas of the request may cost, in wei: by the rule that admitted it, and by what
  /// people approved; nothing when neither says it.
  ///
  /// @param limit of the replacement, since a rule may cap what one unit of gas costs
  /// @param blobCost the most that its blobs may cost, in wei, which such a cap does not hold
  Optional<BigInteger> gasCap(
      Transaction transaction, SigningRequestId request, GasLimit limit, BigInteger blobCost);

  /// Judges a replacement by the active policy, and stores what it decides. A speed-up is judged as
  /// the request itself, as if the request had been charged for nothing yet; what it is charged is
  /// what it takes more than that. A cancellation needs no rule. Both are denied while frozen.
  ///
  /// @return allowed, with a permit that names what is replaced; or denied. An error while judging
  ///     is a denial that says so
  Decision judge(Transaction transaction, Question question);

  /// What is to be judged.
  ///
  /// @param admitted the bytes that the request was admitted with; the stored decision has to have
  ///     allowed exactly these
  /// @param replaced the bytes of the newest payload that is signed
  /// @param payload the bytes whose hash would be signed
  record Question(
      PolicySubject subject,
      ReplacementId id,
      PayloadPurpose purpose,
      Bytes admitted,
      Bytes replaced,
      Bytes payload) {}

  /// The signature is there.
  void commit(Transaction transaction, ReplacementId id);

  /// It will never be signed: what it was charged is free again.
  void release(Transaction transaction, ReplacementId id);

  /// Makes permits anew from their stored decisions, as [PolicyEngine#reissue] does.
  List<Reissued> reissue(Transaction transaction, List<Permitted> permitted);

  /// @param replaced the bytes of the newest payload that was signed before it
  record Permitted(
      ReplacementId id, PayloadPurpose purpose, PolicyEngine.Admitted payload, Bytes replaced) {}

  /// What came of it.
  sealed interface Reissued {
    ReplacementId id();

    record Good(ReplacementId id, Permit permit) implements Reissued {}

    /// No stored decision allows it any longer.
    record Gone(ReplacementId id) implements Reissued {}

    /// The stored decision has not the seal that this deployment would have put on it.
    record Untrusted(ReplacementId id) implements Reissued {}
  }
}
