package dev.countersign.cli.approval;

import java.nio.file.Path;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign approver new-key`.
@Command(
    name = "new-key",
    description = {
      "Makes an Ed25519 key for approvals, and prints its public half as the policy names it. Make"
          + " it on your own machine: whoever has the file approves as you."
    })
final class NewKeyCommand implements Runnable {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the key goes, for its owner alone to read; not a file that is there.")
  private Path file = Path.of("");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    try (var key = FileApprovalKey.create(file, new SecureRandom())) {
      var out = spec.commandLine().getOut();
      out.println(key.publicKey().text());
      out.flush();
    }
  }
}
