package dev.countersign.audit.checkpoint;

import dev.countersign.core.model.Digest32;
import java.util.regex.Pattern;

/// A tree head (C2SP tlog-checkpoint): which log, how many entries, which root.
///
/// @param origin the name of the log for good
/// @param treeSize how many entries the log had
public record Checkpoint(String origin, long treeSize, Digest32 root) {
  private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,18}");
  private static final int LINES = 3;

  /// The text that is signed.
  public String text() {
    return origin + "\n" + treeSize + "\n" + CanonicalBase64.encode(root.bytes()) + "\n";
  }

  /// What a note claims. Nothing in it is true before its signatures are checked: see
  /// [SignedCheckpoint#open].
  ///
  /// @throws InvalidNoteException when it is no note of a checkpoint
  public static Checkpoint claimedBy(byte[] note) {
    return parse(Note.parse(note).text());
  }

  /// Reads the text of a note. Extension lines after the third are passed over, as they are by
  /// everybody who does not know them.
  ///
  /// @throws InvalidNoteException when it is no checkpoint
  public static Checkpoint parse(String text) {
    String[] lines = text.split("\n", -1); // the text ends in a line feed, so the last is empty
    if (lines.length <= LINES || lines[0].isEmpty()) {
      throw InvalidNoteException.of(
          "a checkpoint", "origin, tree size and root on a line each", text);
    }
    for (int i = LINES; i < lines.length - 1; i++) {
      if (lines[i].isEmpty()) {
        throw new InvalidNoteException("a checkpoint has no empty lines");
      }
    }
    return new Checkpoint(lines[0], parseSize(lines[1]), parseRoot(lines[2]));
  }

  private static long parseSize(String line) {
    try {
      if (SIZE.matcher(line).matches()) {
        return Long.parseLong(line);
      }
    } catch (NumberFormatException e) {
      // 2^63 and above: said below
    }
    throw InvalidNoteException.of("a tree size", "a decimal number from 0 to 2^63-1", line);
  }

  private static Digest32 parseRoot(String line) {
    return CanonicalBase64.decode(line)
        .filter(bytes -> bytes.size() == Digest32.SIZE)
        .map(Digest32::new)
        .orElseThrow(() -> InvalidNoteException.of("a root", "the base64 of 32 bytes", line));
  }
}
