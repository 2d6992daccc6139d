package dev.countersign.cli.freeze;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.approval.ApprovalKey;
import dev.countersign.cli.approval.Confirmation;
import dev.countersign.cli.approval.KeyChoice;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.FreezeId;
import dev.countersign.core.freeze.ThawApproval;
import dev.countersign.core.freeze.ThawStatement;
import dev.countersign.core.model.InvalidValueException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign thaw sign`.
@Command(
    name = "sign",
    description = {
      "Shows a freeze, and signs with your key that it is to be lifted. The signature is a small"
          + " file for whoever sends them all. All who sign say the same time in --expires."
    })
final class SignThawCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private KeyChoice key = new KeyChoice();
  @Mixin private Confirmation confirmation = new Confirmation();

  @Parameters(paramLabel = "FREEZE", description = "The freeze's id, a UUID.")
  private String freeze = "";

  @Option(
      names = "--approver",
      required = true,
      paramLabel = "NAME",
      description = "Your name in the policy.")
  private String approver = "";

  @Option(
      names = "--expires",
      required = true,
      paramLabel = "TIME",
      description =
          "Until when the signature is good, such as 2026-12-01T18:00:00Z; at most 7 days from"
              + " now.")
  private Instant expires = Instant.EPOCH;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where to write the signature; a file that is not there yet.")
  private @Nullable Path out;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter words = spec.commandLine().getOut();
    ApproverName name;
    FreezeId id;
    try {
      name = new ApproverName(approver);
      id = FreezeId.parse(freeze);
    } catch (InvalidValueException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
    try (var server = connection.connect(FreezeCommand.CLIENT);
        ApprovalKey own = key.open()) {
      Freeze found = CurrentFreezes.of(server).find(id);
      words.println(LogWords.lines("scope      " + found.scope().text()));
      words.println(LogWords.lines("frozen at  " + found.at() + " by " + found.by()));
      words.println(LogWords.lines("because    " + found.reason()));
      words.println("good until " + expires);
      words.println("your key   " + own.publicKey().text());
      words.flush();
      confirmation.ask("thaw");
      var statement = new ThawStatement(found, expires);
      var approval =
          new ThawApproval(name, own.publicKey(), own.sign(statement.canonical().toArray()));
      if (!approval.isSignatureOf(statement)) {
        throw CommandException.unavailable(
            "the key's signature does not verify: its public half belongs to another key");
      }
      write(approval);
      words.printf("signed: %s%n", out);
    }
  }

  private void write(ThawApproval approval) {
    if (out == null) {
      throw new IllegalStateException("picocli requires --out");
    }
    try {
      Files.write(out, approval.bytes().toArray(), StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw CommandException.unavailable("%s cannot be written: %s".formatted(out, e));
    }
  }
}
