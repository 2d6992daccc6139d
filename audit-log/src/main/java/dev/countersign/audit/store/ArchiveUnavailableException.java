package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import java.nio.file.Path;

/// An entry has left the database for an archive, and the archive cannot be read here. Its place,
/// its hash and every proof about other entries are there as ever.
public final class ArchiveUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ArchiveUnavailableException(String message) {
    super(message);
  }

  static ArchiveUnavailableException meanwhile() {
    return new ArchiveUnavailableException(
        "entries of the audit log were archived while it was read; ask again");
  }

  static ArchiveUnavailableException notNamed(long index) {
    return new ArchiveUnavailableException(
        "entry %d of the audit log was archived, and nobody has said where:".formatted(index)
            + " set audit.archive to the directory that it was archived to");
  }

  static ArchiveUnavailableException notThere(Path archive, long index) {
    return new ArchiveUnavailableException(
        "entry %d of the audit log was archived, and the archive %s is not there: it has no checkpoint; mount or restore it"
            .formatted(index, archive));
  }

  static ArchiveUnavailableException behind(Path archive, long size, long archived) {
    return new ArchiveUnavailableException(
        "the archive %s is behind: it has %d entries, %d were archived; bring the copy up to date"
            .formatted(archive, size, archived));
  }

  static ArchiveUnavailableException notOfThisLog(Path archive, InvalidNoteException why) {
    return new ArchiveUnavailableException(
        "the archive %s has a checkpoint that no key of this log signed; restore it from another copy%n  %s"
            .formatted(archive, why.getMessage()));
  }

  static ArchiveUnavailableException lacks(Path archive, long index, String file) {
    return new ArchiveUnavailableException(
        "entry %d of the audit log was archived, and the archive %s does not have it: expected it in %s; restore that file from another copy of the archive"
            .formatted(index, archive, file));
  }
}
