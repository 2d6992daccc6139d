package dev.countersign.cli.policy;

import dev.countersign.api.v1.GetActivePolicyRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.model.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign policy active`.
@Command(name = "active", description = "Says which policy is active, and writes it to a file.")
final class ActivePolicyCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the document goes, byte for byte; a file that is there is replaced.")
  private @Nullable Path file;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    try (var server = connection.connect("operator")) {
      var active = server.policies().getActivePolicy(GetActivePolicyRequest.getDefaultInstance());
      Bytes document = Bytes.of(active.getDocument().toByteArray());
      var out = spec.commandLine().getOut();
      out.println(ProposalWords.line("version", Long.toUnsignedString(active.getVersion())));
      out.println(ProposalWords.line("sha256", PolicyChangeStatement.hashOf(document).hex()));
      out.println(ProposalWords.line("etag", active.getEtag()));
      out.println(ProposalWords.line("activated", ProposalsCommand.time(active.getActivateTime())));
      if (file != null) {
        Files.write(file, document.toArray());
        out.println(ProposalWords.line("written to", file.toString()));
      }
      out.flush();
    } catch (IOException e) {
      throw CommandException.unavailable("cannot write " + file + ": " + e, e);
    }
  }
}
