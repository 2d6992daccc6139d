package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.cli.CommandException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The log's key as an auditor has it: the text, or a file that holds it.
final class PinnedKey {
  private static final int MOST_BYTES = 1024;

  private PinnedKey() {}

  static LogKeys read(String keyOrFile, List<String> previous) {
    try {
      return new LogKeys(parse(keyOrFile), previous.stream().map(PinnedKey::parse).toList());
    } catch (InvalidNoteException e) {
      throw CommandException.usage("--key: " + e.getMessage());
    }
  }

  private static VerifierKey parse(String keyOrFile) {
    return VerifierKey.parse(isKey(keyOrFile) ? keyOrFile : content(Path.of(keyOrFile)));
  }

  // A key has two + and base64 behind them; a file that is called so can be given as ./that.
  private static boolean isKey(String text) {
    return text.matches("[^+/]*(/[^+/]+)*\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]+");
  }

  private static String content(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw CommandException.usage("--key " + file + " is not a file with a log's key: too long");
      }
      return Files.readString(file).strip();
    } catch (MalformedInputException e) {
      throw CommandException.usage("--key " + file + " is not a file with a log's key: no text");
    } catch (IOException e) {
      throw CommandException.unavailable(
          "--key "
              + file
              + " is neither a log's key (name+8 hex digits+base64) nor a file with one that can be"
              + " read",
          e);
    }
  }
}
