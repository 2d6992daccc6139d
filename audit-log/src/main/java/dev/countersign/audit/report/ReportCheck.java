package dev.countersign.audit.report;

import dev.countersign.audit.checkpoint.CosignedCheckpoint;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.SignedText;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds out whether a report is, byte for byte, what its maker signed, and whether its checkpoint
/// is the log's. That it says what the log says is another question: make it again, and ask
/// [ReportDifference].
///
/// @param maker the key of who answers for the report, from a source that is trusted
/// @param log the log's keys, from a source that is trusted
/// @param policy whose cosignatures the checkpoint needs, from a source that is trusted
public record ReportCheck(VerifierKey maker, LogKeys log, WitnessPolicy policy) {
  /// A manifest has a line for each file; a checkpoint has one for each signature.
  private static final long MOST_BYTES = 1 << 16;

  /// What a report turned out to be worth.
  public sealed interface Verdict {
    /// Every file is what the maker signed.
    ///
    /// @param checkpoint of the log that the report was made from
    record Signed(ReportManifest manifest, SignedCheckpoint checkpoint) implements Verdict {}

    /// It is not, and why.
    ///
    /// @param reasons one at least
    record NotSigned(List<String> reasons) implements Verdict {
      public NotSigned {
        reasons = List.copyOf(reasons);
      }
    }
  }

  /// @throws UncheckedIOException when the directory cannot be read
  public Verdict check(Path directory) {
    try {
      return verdict(directory);
    } catch (InvalidNoteException e) {
      return new Verdict.NotSigned(List.of(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the report in " + directory, e);
    }
  }

  private Verdict verdict(Path directory) throws IOException {
    ReportManifest manifest = manifest(directory.resolve(ReportManifest.FILE));
    List<String> reasons = new ArrayList<>(strangers(directory));
    for (Map.Entry<String, FileDigest> file : manifest.files().entrySet()) {
      compare(directory.resolve(file.getKey()), file.getValue(), reasons);
    }
    if (!reasons.isEmpty()) {
      return new Verdict.NotSigned(reasons);
    }
    SignedCheckpoint checkpoint =
        CosignedCheckpoint.open(note(directory.resolve(ReportManifest.CHECKPOINT)), log, policy)
            .signed();
    if (!checkpoint.checkpoint().equals(manifest.checkpoint())) {
      return new Verdict.NotSigned(
          List.of(
              "the checkpoint of the report%n  expected: %s%n  got:      %s"
                  .formatted(manifest.checkpoint(), checkpoint.checkpoint())));
    }
    return new Verdict.Signed(manifest, checkpoint);
  }

  private ReportManifest manifest(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidNoteException("there is no manifest: " + file);
    }
    ReportManifest manifest = ReportManifest.parse(SignedText.open(note(file), maker).text());
    ReportManifest.requireApart(maker, log);
    if (!log.all().contains(manifest.log())) {
      throw new InvalidNoteException(
          "the log of the report%n  expected: %s%n  got:      %s"
              .formatted(log.current(), manifest.log()));
    }
    return manifest;
  }

  private static byte[] note(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new InvalidNoteException(file + " is too long for a signed note of a report");
    }
    return Files.readAllBytes(file);
  }

  private static void compare(Path file, FileDigest signed, List<String> reasons)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      reasons.add(file.getFileName() + " is missing");
      return;
    }
    FileDigest now = FileDigest.of(file);
    if (!now.equals(signed)) {
      reasons.add(
          "%s is not what was signed%n  signed: %s, %d bytes%n  now:    %s, %d bytes"
              .formatted(
                  file.getFileName(),
                  signed.sha256().hex(),
                  signed.size(),
                  now.sha256().hex(),
                  now.size()));
    }
  }

  /// What lies in the directory and is not of the report: a reader could take it for a part of it.
  private static List<String> strangers(Path directory) throws IOException {
    Set<String> known = new TreeSet<>(ReportManifest.names());
    known.add(ReportManifest.FILE);
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(
              file ->
                  !known.contains(file.getFileName().toString())
                      || Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> CellText.shown(file.getFileName().toString()))
          .sorted()
          .map(name -> name + " is not of the report: nobody signed it")
          .collect(Collectors.toList());
    }
  }
}
