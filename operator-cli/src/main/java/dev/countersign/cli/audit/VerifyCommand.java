package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.terminal.Steps;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign audit verify`.
@Command(
    name = "verify",
    description = {
      "Verifies an exported log (a folder) or proofs of single entries (files), offline: no server,"
          + " no database, nothing trusted but the key you give."
    })
public final class VerifyCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR|FILE",
      arity = "1..*",
      description = "Folders with an exported log; proof files (*.tlog-proof).")
  private List<Path> paths = List.of();

  @Option(
      names = "--key",
      required = true,
      paramLabel = "KEY",
      description = {
        "The log's key as you were given it, name+id+base64, or a file with it. From the server"
            + " that you verify it proves nothing."
      })
  private String key = "";

  @Option(
      names = "--known",
      paramLabel = "FILE",
      description = {
        "A checkpoint or a proof that you kept from before; the log must still have what it vouches"
            + " for. May be given again."
      })
  private List<Path> known = List.of();

  @Option(
      names = "--witness-policy",
      paramLabel = "FILE",
      description = {
        "Whose cosignatures every checkpoint needs, as a C2SP tlog-policy: lines witness NAME KEY,"
            + " group NAME K NAMES, quorum NAME."
      })
  private Optional<Path> witnessPolicy = Optional.empty();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var pinned = PinnedKey.read(key);
    var policy = PinnedPolicy.read(witnessPolicy, pinned);
    var before = new ArrayList<SignedCheckpoint>();
    known.forEach(file -> before.add(KnownCheckpoint.read(file, pinned)));
    boolean good = true;
    try (var steps = Steps.onStandardOutput(spec.commandLine().getOut())) {
      for (Path path : paths) {
        good &=
            Files.isDirectory(path)
                ? log(path, pinned, policy, before, steps)
                : proof(path, pinned, policy);
      }
    } catch (UncheckedIOException e) {
      throw CommandException.unavailable(String.valueOf(e.getMessage()), e);
    }
    return good ? ExitCode.OK : ExitCode.NO;
  }

  private boolean log(
      Path directory,
      VerifierKey pinned,
      WitnessPolicy policy,
      List<SignedCheckpoint> before,
      Steps steps) {
    var result =
        steps.during(
            "verifying " + directory,
            () ->
                new LogVerifier(pinned, policy)
                    .verify(
                        new DirectoryLogFiles(directory),
                        before,
                        (checked, total) ->
                            steps
                                .progress()
                                .starting(
                                    "verifying, %d of %d entries".formatted(checked, total))));
    return switch (result) {
      case VerificationResult.Verified verified -> {
        say(LogWords.verified(verified));
        yield true;
      }
      case VerificationResult.Broken broken -> {
        complain(directory + ": NOT verified, " + LogWords.count(broken.total(), "finding"));
        for (Finding finding : broken.findings()) {
          complain("  " + finding.message().replace("\n", "\n  "));
        }
        yield false;
      }
    };
  }

  private boolean proof(Path file, VerifierKey pinned, WitnessPolicy policy) {
    var proof = KnownCheckpoint.proof(file);
    return switch (proof.check(pinned, policy)) {
      case LogProof.Verdict.Proven proven -> {
        say(
            "entry %d is in the log of %d entries that %s signed:"
                .formatted(
                    proof.index(), proven.checkpoint().checkpoint().treeSize(), pinned.name()));
        say("  " + LogWords.text(proof.entry()));
        yield true;
      }
      case LogProof.Verdict.NotProven(String reason) -> {
        complain(file + ": NOT proven\n  " + reason.replace("\n", "\n  "));
        yield false;
      }
    };
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
  }

  private void complain(String line) {
    spec.commandLine().getErr().println(line);
  }
}
