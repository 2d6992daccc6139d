package dev.countersign.cli.policy;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.GetActivePolicyRequest;
import dev.countersign.api.v1.ProposePolicyRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.core.model.Bytes;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign policy propose`.
@Command(
    name = "propose",
    description = {
      "Proposes a document as the next policy. It changes nothing until those have approved it who"
          + " may change the active one."
    })
final class ProposePolicyCommand implements Runnable {
  /// The sandbox's client that proposes.
  static final String CLIENT = "policy-desk";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(paramLabel = "FILE", description = "The policy, in YAML.")
  private Path file = Path.of("");

  @Option(
      names = "--etag",
      paramLabel = "ETAG",
      description = {
        "The etag of the policy that you changed, as countersign policy active tells it: when"
            + " another is active by now, nothing is proposed. Default: that of the active policy"
      })
  private String etag = "";

  @Option(
      names = "--note",
      paramLabel = "TEXT",
      description = "Why, for approvers and the log; at most 2000 characters. It is not signed.")
  private String note = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    Bytes document = PolicyFiles.bytes(file);
    if (PolicyDocumentReader.read(document.toArray()) instanceof Reading.Invalid invalid) {
      throw CommandException.no(LogWords.lines(file + " is wrong:\n" + invalid.text()));
    }
    try (var server = connection.connect(CLIENT)) {
      String seen =
          etag.isEmpty()
              ? server
                  .policies()
                  .getActivePolicy(GetActivePolicyRequest.getDefaultInstance())
                  .getEtag()
              : etag;
      var proposal =
          server
              .policies()
              .proposePolicy(
                  ProposePolicyRequest.newBuilder()
                      .setDocument(ByteString.copyFrom(document.toArray()))
                      .setEtag(seen)
                      .setNote(note)
                      .build())
              .getProposal();
      var out = spec.commandLine().getOut();
      out.println(
          LogWords.lines(
              "proposed %s; it waits for %s, until %s"
                  .formatted(
                      proposal.getProposal(),
                      proposal.getMissing(),
                      ProposalsCommand.time(proposal.getExpireTime()))));
      out.flush();
    }
  }
}
