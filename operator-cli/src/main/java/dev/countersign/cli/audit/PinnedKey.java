package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.cli.CommandException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A key of a note's signer as an auditor has it: the text, or a file that holds it.
final class PinnedKey {
  private static final int MOST_BYTES = 1024;

  private PinnedKey() {}

  /// @param option that it was given as
  static VerifierKey read(String option, String keyOrFile) {
    try {
      return VerifierKey.parse(isKey(keyOrFile) ? keyOrFile : content(option, Path.of(keyOrFile)));
    } catch (InvalidNoteException e) {
      throw CommandException.usage(option + ": " + e.getMessage());
    }
  }

  // A key has two + and base64 behind them; a file that is called so can be given as ./that.
  private static boolean isKey(String text) {
    return text.matches("[^+/]*(/[^+/]+)*\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]+");
  }

  private static String content(String option, Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw CommandException.usage(option + " " + file + " is not a file with a key: too long");
      }
      return Files.readString(file).strip();
    } catch (MalformedInputException e) {
      throw CommandException.usage(option + " " + file + " is not a file with a key: no text");
    } catch (IOException e) {
      throw CommandException.unavailable(
          option
              + " "
              + file
              + " is neither a key (name+8 hex digits+base64) nor a file with one that can be"
              + " read",
          e);
    }
  }
}
