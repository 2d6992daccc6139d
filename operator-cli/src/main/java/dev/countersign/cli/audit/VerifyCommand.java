package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.audit.LogSource.Pinned;
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
      "Verifies a log (a folder with an export, the address where it is published, or the database"
          + " itself) or proofs of single entries (files). Nothing is trusted but the key you give."
    })
public final class VerifyCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR|URL|FILE",
      arity = "1..*",
      description = {
        "Folders with an exported log; https://... where one is published; jdbc:postgresql://..."
            + " for the tables; proof files (*.tlog-proof)."
      })
  private List<String> targets = List.of();

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
      names = "--previous-key",
      paramLabel = "KEY",
      description = {
        "A key that the log had before, which may have signed what you kept. May be given again."
      })
  private List<String> previousKeys = List.of();

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

  @Option(
      names = "--save-checkpoint",
      paramLabel = "FILE",
      description = {
        "Keep the log's checkpoint in this file once it is verified. What the file had before is"
            + " known from before: run again and again, this finds a log that was set back."
      })
  private Optional<Path> saved = Optional.empty();

  @Option(
      names = "--user",
      paramLabel = "NAME",
      defaultValue = "",
      description = "The login for jdbc:postgresql:..., which needs to read and no more.")
  private String user = "";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "A file with the password of that login.")
  private Optional<Path> passwordFile = Optional.empty();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var pinned = PinnedKey.read(key, previousKeys);
    var policy = PinnedPolicy.read(witnessPolicy, pinned);
    var before = new ArrayList<SignedCheckpoint>();
    known.forEach(file -> before.add(KnownCheckpoint.read(file, pinned)));
    saved.filter(Files::exists).ifPresent(file -> before.add(KnownCheckpoint.read(file, pinned)));
    var login = new LogSource.DatabaseLogin(user, passwordFile);
    boolean good = true;
    try (var steps = Steps.onStandardOutput(spec.commandLine().getOut())) {
      for (String target : targets) {
        var log = LogSource.of(target, login);
        good &=
            log.isPresent()
                ? log(target, log.get(), new Pinned(pinned, policy), before, steps)
                : proof(Path.of(target), pinned, policy);
      }
    } catch (UncheckedIOException e) {
      throw CommandException.unavailable(String.valueOf(e.getMessage()), e);
    }
    return good ? ExitCode.OK : ExitCode.NO;
  }

  private boolean log(
      String target, LogSource log, Pinned pinned, List<SignedCheckpoint> before, Steps steps) {
    var result =
        steps.during(
            "verifying " + target,
            () ->
                log.verify(
                    pinned,
                    before,
                    (checked, total) ->
                        steps
                            .progress()
                            .starting("verifying, %d of %d entries".formatted(checked, total))));
    return switch (result) {
      case VerificationResult.Verified verified -> {
        say(LogWords.verified(verified));
        saved.ifPresent(file -> KnownCheckpoint.save(file, verified.checkpoint()));
        yield true;
      }
      case VerificationResult.Broken broken -> {
        complain(target + ": NOT verified, " + LogWords.count(broken.total(), "finding"));
        for (Finding finding : broken.findings()) {
          complain("  " + finding.message().replace("\n", "\n  "));
        }
        yield false;
      }
    };
  }

  private boolean proof(Path file, LogKeys pinned, WitnessPolicy policy) {
    var proof = KnownCheckpoint.proof(file);
    return switch (proof.check(pinned, policy)) {
      case LogProof.Verdict.Proven proven -> {
        say(
            "entry %d is in the log of %d entries that %s signed:"
                .formatted(
                    proof.index(),
                    proven.checkpoint().checkpoint().treeSize(),
                    pinned.current().name()));
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
