package dev.countersign.audit.store;

import dev.countersign.audit.entry.EntryEncoder;

/// An entry is empty, or longer than the files of a log have room for (C2SP tlog-tiles): a mistake
/// in how entries are encoded. Nothing of its transaction is stored.
public final class EntrySizeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  EntrySizeException(int size) {
    super(
        "an entry of the audit log%n  expected: 1 to %d bytes%n  got:      %d"
            .formatted(EntryEncoder.LONGEST_ENTRY, size));
  }
}
