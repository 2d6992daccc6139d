package dev.countersign.fuzz;

import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.entry.MalformedEntryException;

/// Entries of the audit log: what is no entry is refused by its typed error.
public final class EntryFuzz {
  private EntryFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    try {
      EntryDecoder.decode(input);
    } catch (MalformedEntryException _) {
      // As it should be.
    }
  }
}
