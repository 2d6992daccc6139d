package dev.countersign.audit.checkpoint;

import java.util.List;
import java.util.Set;

/// Which cosignatures are enough.
public sealed interface Quorum {

  boolean isMetBy(Set<WitnessKey> cosigned);

  /// The witnesses that count, each once.
  List<WitnessKey> witnesses();

  /// This witness's.
  record Witness(WitnessKey key) implements Quorum {
    @Override
    public boolean isMetBy(Set<WitnessKey> cosigned) {
      return cosigned.contains(key);
    }

    @Override
    public List<WitnessKey> witnesses() {
      return List.of(key);
    }
  }

  /// Those of `threshold` members at least.
  record Group(int threshold, List<Quorum> members) implements Quorum {
    public Group {
      members = List.copyOf(members);
      if (threshold < 1 || threshold > members.size()) {
        throw InvalidNoteException.of(
            "a quorum", "1 to %d, the number of members".formatted(members.size()), "" + threshold);
      }
    }

    @Override
    public boolean isMetBy(Set<WitnessKey> cosigned) {
      return members.stream().filter(member -> member.isMetBy(cosigned)).count() >= threshold;
    }

    @Override
    public List<WitnessKey> witnesses() {
      return members.stream().flatMap(member -> member.witnesses().stream()).distinct().toList();
    }
  }

  /// None: the log's own signature is enough.
  record None() implements Quorum {
    @Override
    public boolean isMetBy(Set<WitnessKey> cosigned) {
      return true;
    }

    @Override
    public List<WitnessKey> witnesses() {
      return List.of();
    }
  }
}
