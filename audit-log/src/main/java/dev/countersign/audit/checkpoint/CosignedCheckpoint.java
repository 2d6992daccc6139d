package dev.countersign.audit.checkpoint;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A checkpoint that its log has signed and enough witnesses have cosigned: one exists only after
/// all of that was checked.
///
/// @param cosigners the witnesses whose good cosignatures it has
public record CosignedCheckpoint(SignedCheckpoint signed, Set<WitnessKey> cosigners) {
  public CosignedCheckpoint {
    cosigners = Set.copyOf(cosigners);
  }

  /// Opens the note of a checkpoint.
  ///
  /// @param log the log's key, from a source that is trusted
  /// @param policy from a source that is trusted; its witnesses are not the log
  /// @throws InvalidNoteException when [SignedCheckpoint#open] would, or the policy is not met
  public static CosignedCheckpoint open(byte[] note, VerifierKey log, WitnessPolicy policy) {
    return open(note, LogKeys.of(log), policy);
  }

  /// [#open] for a log that had other keys before.
  public static CosignedCheckpoint open(byte[] note, LogKeys log, WitnessPolicy policy) {
    policy.requireIndependentOf(log);
    SignedCheckpoint signed = log.open(note);
    Set<WitnessKey> cosigners = policy.cosigners(Note.parse(note));
    if (!policy.isMetBy(cosigners)) {
      throw InvalidNoteException.of(
          "the checkpoint of %d entries lacks cosignatures"
              .formatted(signed.checkpoint().treeSize()),
          described(policy.quorum()),
          cosigners.isEmpty() ? "none" : names(cosigners));
    }
    return new CosignedCheckpoint(signed, cosigners);
  }

  private static String names(Set<WitnessKey> witnesses) {
    return witnesses.stream()
        .map(WitnessKey::name)
        .sorted(Comparator.naturalOrder())
        .collect(Collectors.joining(", "));
  }

  private static String described(Quorum quorum) {
    return switch (quorum) {
      case Quorum.None _ -> "none";
      case Quorum.Witness(WitnessKey key) -> key.name();
      case Quorum.Group(int threshold, List<Quorum> members) ->
          members.stream()
              .map(CosignedCheckpoint::described)
              .collect(Collectors.joining(", ", threshold + " of (", ")"));
    };
  }
}
