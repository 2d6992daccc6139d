package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.verify.EntryVisitor;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.audit.LogSource.Pinned;
import dev.countersign.cli.terminal.Steps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private PinnedOptions trusted = new PinnedOptions();
  @Mixin private TablesOptions tables = new TablesOptions();

  @Option(
      names = "--known",
      paramLabel = "FILE",
      description = {
        "A checkpoint or a proof that you kept from before; the log must still have what it vouches"
            + " for. May be given again."
      })
  private List<Path> known = List.of();

  @Option(
      names = "--save-checkpoint",
      paramLabel = "FILE",
      description = {
        "Keep the log's checkpoint in this file once it is verified; of several copies of the log,"
            + " the largest. What the file had before is"
            + " known from before: run again and again, this finds a log that was set back."
      })
  private Optional<Path> saved = Optional.empty();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  private Optional<SignedCheckpoint> kept = Optional.empty();

  @Override
  public Integer call() {
    var pinned = trusted.read();
    var before = new ArrayList<SignedCheckpoint>();
    known.forEach(file -> before.add(KnownCheckpoint.read(file, pinned.keys())));
    saved
        .filter(Files::exists)
        .ifPresent(file -> before.add(KnownCheckpoint.read(file, pinned.keys())));
    return LogCheck.orUnavailable(() -> verify(pinned, before));
  }

  private int verify(Pinned pinned, List<SignedCheckpoint> before) {
    int worst = ExitCode.OK;
    try (var steps = Steps.onStandardOutput(spec.commandLine().getOut())) {
      for (String target : targets) {
        var log = tables.source(target);
        int code =
            log.isPresent()
                ? log(new LogCheck(target, log.get()), pinned, before, steps)
                : proof(Path.of(target), pinned.keys(), pinned.policy());
        worst = worse(worst, code);
      }
    }
    return worst;
  }

  /// A no is worse than what nobody knows.
  private static int worse(int one, int other) {
    return one == ExitCode.NO || other == ExitCode.NO ? ExitCode.NO : Math.max(one, other);
  }

  private int log(LogCheck check, Pinned pinned, List<SignedCheckpoint> before, Steps steps) {
    return switch (check.verify(pinned, before, EntryVisitor.NONE, steps)) {
      case VerificationResult.Verified verified -> {
        say(LogWords.verified(verified));
        keep(verified.checkpoint());
        yield ExitCode.OK;
      }
      case VerificationResult.VerifiedInPart part -> {
        complain(LogWords.inPart(check.target(), part));
        keep(part.checkpoint());
        yield ExitCode.UNAVAILABLE;
      }
      case VerificationResult.Broken broken -> {
        complain(LogWords.broken(check.target(), broken));
        yield ExitCode.NO;
      }
    };
  }

  /// The largest vouches for what the others do.
  private void keep(SignedCheckpoint verified) {
    long size = verified.checkpoint().treeSize();
    if (saved.isPresent()
        && kept.filter(other -> other.checkpoint().treeSize() >= size).isEmpty()) {
      KnownCheckpoint.save(saved.get(), verified);
      kept = Optional.of(verified);
    }
  }

  private int proof(Path file, LogKeys pinned, WitnessPolicy policy) {
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
        yield ExitCode.OK;
      }
      case LogProof.Verdict.NotProven(String reason) -> {
        complain(file + ": NOT proven\n  " + LogWords.lines(reason).replace("\n", "\n  "));
        yield ExitCode.NO;
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
