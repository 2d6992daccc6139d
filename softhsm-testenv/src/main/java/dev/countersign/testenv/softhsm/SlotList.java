package dev.countersign.testenv.softhsm;

import java.util.OptionalLong;

/// Reads what `softhsm2-util --show-slots` prints.
final class SlotList {
  private SlotList() {}

  /// Finds the slot of the initialised token with this label.
  static OptionalLong slotOf(String output, String label) {
    long slot = -1;
    for (String line : output.lines().map(String::strip).toList()) {
      if (line.matches("Slot [0-9]+")) {
        slot = Long.parseLong(line.substring(5));
      } else if (slot >= 0
          && line.startsWith("Label:")
          && line.substring(6).strip().equals(label)) {
        return OptionalLong.of(slot);
      }
    }
    return OptionalLong.empty();
  }
}
