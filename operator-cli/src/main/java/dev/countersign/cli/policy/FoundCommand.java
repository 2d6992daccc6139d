package dev.countersign.cli.policy;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.approval.ApprovalKey;
import dev.countersign.cli.approval.Confirmation;
import dev.countersign.cli.approval.KeyChoice;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.succession.Founders;
import dev.countersign.policy.succession.Founding;
import dev.countersign.policy.succession.FoundingFile;
import dev.countersign.policy.succession.PolicySuccession;
import dev.countersign.testenv.OwnerOnly;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign policy found`.
@Command(
    name = "found",
    description = {
      "Signs the first policy as one of its founders. The first founder makes the ceremony file,"
          + " each other adds a signature to it. It takes no server."
    })
final class FoundCommand implements Runnable {
  @Mixin private KeyChoice key = new KeyChoice();

  @Parameters(paramLabel = "FILE", description = "The first policy, in YAML.")
  private Path document = Path.of("");

  @Option(
      names = "--founders",
      required = true,
      paramLabel = "FILE",
      description = "The founders' file: who they are, and how many of them it takes.")
  private Path founders = Path.of("");

  @Option(
      names = "--ceremony",
      required = true,
      paramLabel = "FILE",
      description = "The ceremony file, made when it is not there. Nothing in it is secret.")
  private Path ceremony = Path.of("");

  @Option(
      names = "--founder",
      required = true,
      paramLabel = "NAME",
      description = "Your name in the founders' file.")
  private String founder = "";

  @Mixin private Confirmation confirmation = new Confirmation();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Founders people = PolicyFiles.founders(founders);
    Bytes content = PolicyFiles.bytes(document);
    if (PolicyDocumentReader.read(content.toArray()) instanceof Reading.Invalid invalid) {
      throw CommandException.no(document + " is wrong:\n" + invalid.text());
    }
    try (ApprovalKey own = key.open()) {
      ApproverName name = requireFounder(people, own);
      Founding founding = founding(people, content);
      words(founding, content).forEach(out::println);
      out.println(ProposalWords.line("your key", own.publicKey().text()));
      out.flush();
      confirmation.ask(Approval.Decision.APPROVE.word());
      Founding signed =
          founding.with(Signing.sign(name, own, Approval.Decision.APPROVE, founding.statement()));
      OwnerOnly.replace(ceremony, FoundingFile.write(signed).getBytes(StandardCharsets.UTF_8));
      PolicySuccession founded = PolicySuccession.of(people).then(signed.link(content));
      out.println(
          founded.head().isPresent()
              ? "signed; it is complete: name it under policy.founding of the server"
              : "signed; " + founded.faultOf(1).orElse("it is not complete"));
      out.flush();
    } catch (IOException e) {
      throw CommandException.unavailable("cannot write " + ceremony + ": " + e, e);
    }
  }

  private ApproverName requireFounder(Founders people, ApprovalKey own) {
    try {
      ApproverName name = new ApproverName(founder);
      var known =
          people
              .registry()
              .find(name)
              .orElseThrow(
                  () -> CommandException.usage("--founder: there is no founder " + founder));
      if (!known.keys().contains(own.publicKey())) {
        throw CommandException.no(
            "%s is none of the keys of %s in %s; nothing was signed"
                .formatted(own.publicKey().text(), founder, founders));
      }
      return name;
    } catch (InvalidValueException e) {
      throw CommandException.usage("--founder: " + e.getMessage());
    }
  }

  /// The one that was begun, which has to be about this very document and these founders.
  private Founding founding(Founders people, Bytes content) {
    if (!Files.exists(ceremony)) {
      return Founding.begin(people, content, new ProposalId(UUID.randomUUID()), Instant.now());
    }
    Founding begun;
    try {
      begun = FoundingFile.read(PolicyFiles.bytes(ceremony).toArray());
    } catch (InvalidValueException e) {
      throw CommandException.no(ceremony + " is no ceremony file: " + e.getMessage());
    }
    PolicyChangeStatement statement = begun.statement();
    PolicyChangeStatement expected =
        Founding.begin(people, content, statement.proposal(), statement.asked()).statement();
    if (!statement.equals(expected)) {
      throw CommandException.no(
          "%s is about something else than %s and %s; nothing was signed\n  expected:\n%s  got:\n%s"
              .formatted(
                  ceremony,
                  document,
                  founders,
                  expected.text().indent(4),
                  statement.text().indent(4)));
    }
    return begun;
  }

  private static List<String> words(Founding founding, Bytes content) {
    var lines = new ArrayList<String>(ProposalWords.change(Bytes.EMPTY, content));
    lines.add(ProposalWords.line("deployment", founding.statement().deployment()));
    lines.add(
        ProposalWords.line(
            "document",
            "%d bytes (sha256 %s)".formatted(content.size(), founding.statement().document())));
    lines.add(ProposalWords.line("needs", founding.statement().quorum().words()));
    founding
        .signatures()
        .forEach(
            signature ->
                lines.add(
                    ProposalWords.line(
                        "",
                        signature.approver()
                            + (signature.isSignatureOf(founding.statement())
                                ? " has signed"
                                : ": a signature that does NOT verify"))));
    lines.add(ProposalWords.line("expires", founding.statement().expires().toString()));
    lines.add(ProposalWords.line("statement", "sha256 " + founding.statement().digest()));
    return lines;
  }
}
