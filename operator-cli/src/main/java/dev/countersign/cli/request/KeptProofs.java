package dev.countersign.cli.request;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.cli.CommandException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option to keep the log's proofs about a request.
final class KeptProofs {
  @Option(
      names = "--proofs",
      paramLabel = "DIR",
      description =
          "Also write the log's proofs about the request there, one file for each entry; anyone"
              + " with the log's key can verify them offline, for good.")
  private @Nullable Path directory;

  boolean wanted() {
    return directory != null;
  }

  /// Writes `INDEX.tlog-proof` for each, and says where.
  ///
  /// @param proofs as the server sent them: they are read, and not verified, here
  void write(List<String> proofs, PrintWriter out) {
    if (directory == null) {
      return;
    }
    try {
      Files.createDirectories(directory);
      for (String proof : proofs) {
        var file = directory.resolve(LogProof.parse(proof).index() + LogProof.EXTENSION);
        Files.writeString(file, proof);
        out.println(file);
      }
    } catch (InvalidNoteException e) {
      throw CommandException.unavailable(
          "the server sent a proof that is none: " + e.getMessage(), e);
    } catch (IOException e) {
      throw CommandException.unavailable(
          "cannot write proofs to " + directory + ": " + e.getMessage(), e);
    }
  }
}
