package dev.countersign.audit.checkpoint;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Whose cosignatures a checkpoint needs before it is believed or given out.
///
/// @param witnesses all that are known, those that the quorum does not ask for too; no public key
/// is there twice, since the signed message names no witness and one signature would count as two
public record WitnessPolicy(Quorum quorum, List<WitnessKey> witnesses) {
  /// The log's own signature is enough.
  public static final WitnessPolicy NONE = new WitnessPolicy(new Quorum.None(), List.of());

  /// As many as there may be: a note has room for 64 signatures, and others' are among them.
  public static final int MOST_WITNESSES = 32;

  public WitnessPolicy {
    witnesses = List.copyOf(witnesses);
    if (witnesses.size() > MOST_WITNESSES) {
      throw InvalidNoteException.of(
          "a witness policy", MOST_WITNESSES + " witnesses at most", witnesses.size() + "");
    }
    if (witnesses.stream().map(WitnessKey::publicKey).distinct().count() < witnesses.size()) {
      throw new InvalidNoteException("a witness policy has each public key once");
    }
    if (!witnesses.containsAll(quorum.witnesses())) {
      throw new InvalidNoteException("a quorum is of witnesses that the policy knows");
    }
  }

  /// Any `quorum` of these.
  ///
  /// @throws InvalidNoteException when the quorum is not 1 to their number, or a key is there twice
  public static WitnessPolicy of(int quorum, List<WitnessKey> witnesses) {
    return new WitnessPolicy(
        new Quorum.Group(quorum, witnesses.stream().<Quorum>map(Quorum.Witness::new).toList()),
        witnesses);
  }

  /// Whether cosignatures are needed at all.
  public boolean isNone() {
    return quorum instanceof Quorum.None;
  }

  /// @param cosigned whose good cosignatures a checkpoint has
  public boolean isMetBy(Set<WitnessKey> cosigned) {
    return quorum.isMetBy(cosigned);
  }

  /// A log that witnesses itself is not witnessed.
  ///
  /// @throws InvalidNoteException when a key of the log is one of the witnesses'
  public void requireIndependentOf(LogKeys log) {
    for (VerifierKey key : log.all()) {
      if (witnesses.stream().anyMatch(witness -> witness.publicKey().equals(key.publicKey()))) {
        throw InvalidNoteException.of(
            "the keys of the witnesses", "others than the log's", key.toString());
      }
    }
  }

  /// The witnesses whose good cosignatures a note carries.
  ///
  /// @throws InvalidNoteException when it carries a bad one under a known key: that spoils a note,
  ///     whatever else it carries (C2SP signed-note)
  Set<WitnessKey> cosigners(Note note) {
    Set<WitnessKey> good = new HashSet<>();
    for (WitnessKey witness : witnesses) {
      for (Note.Line line : note.signatures()) {
        if (witness.isNamedBy(line)) {
          if (Cosignature.check(note.text(), line, witness).isEmpty()) {
            throw new InvalidNoteException(
                "the checkpoint has a cosignature of %s that is wrong".formatted(witness.name()));
          }
          good.add(witness);
        }
      }
    }
    return good;
  }
}
