package dev.countersign.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.cli.Countersign;
import dev.countersign.cli.ExitCode;
import dev.countersign.core.model.Bytes;
import dev.countersign.policy.succession.FoundersReader;
import dev.countersign.policy.succession.FoundersReader.Reading;
import dev.countersign.policy.succession.FoundingFile;
import dev.countersign.policy.succession.PolicySuccession;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two of anna and ben found the policy.
class FoundCommandTest {
  private static final String POLICY = "format: countersign/policy/v1\nrules: []\n";

  @TempDir private Path directory;
  private String out = "";
  private String err = "";

  private int run(Object... arguments) {
    var said = new StringWriter();
    var complained = new StringWriter();
    int code =
        Countersign.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(complained))
            .execute(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
    out = said.toString();
    err = complained.toString();
    return code;
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  @BeforeEach
  void prepare() throws IOException {
    Files.writeString(file("policy.yaml"), POLICY);
    Files.writeString(
        file("founders.yaml"),
        """
        format: countersign/founders/v1
        deployment: production
        founders:
          anna: {keys: ["%s"]}
          ben: {keys: ["%s"]}
        quorum: 2
        """
            .formatted(key("anna"), key("ben")));
    key("mallory");
  }

  private String key(String name) {
    assertThat(run("approver", "new-key", "--out=" + file(name + ".key"))).isEqualTo(ExitCode.OK);
    return out.strip();
  }

  private int found(String founder, String key) {
    return run(
        "policy",
        "found",
        file("policy.yaml"),
        "--founders=" + file("founders.yaml"),
        "--ceremony=" + file("founding.yaml"),
        "--founder=" + founder,
        "--sign-key=" + file(key + ".key"),
        "--yes");
  }

  @Test
  void eachFounderAddsASignatureUntilItIsComplete() throws IOException {
    assertThat(found("anna", "anna")).as("%s", err).isEqualTo(ExitCode.OK);
    assertThat(out)
        .contains("  rules: []", "deployment   production")
        .endsWith("signed; it is not approved: it needs 1 more of founders (ben)\n");
    assertThat(found("ben", "ben")).isEqualTo(ExitCode.OK);
    assertThat(out)
        .contains("anna has signed")
        .endsWith("signed; it is complete: name it under policy.founding of the server\n");
    var founders = (Reading.Valid) FoundersReader.read(Files.readAllBytes(file("founders.yaml")));
    var link =
        FoundingFile.read(Files.readAllBytes(file("founding.yaml")))
            .link(Bytes.of(Files.readAllBytes(file("policy.yaml"))));
    assertThat(PolicySuccession.of(founders.founders()).then(link).base().number()).isEqualTo(1);
  }

  @Test
  void nobodySignsForAnother() throws IOException {
    assertThat(found("anna", "mallory")).isEqualTo(ExitCode.NO);
    assertThat(err).contains("is none of the keys of anna");
    assertThat(found("mallory", "mallory")).isEqualTo(ExitCode.USAGE);
    assertThat(file("founding.yaml")).doesNotExist();
  }

  @Test
  void whoeverComesSecondSignsTheSameDocumentOrNone() throws IOException {
    assertThat(found("anna", "anna")).isEqualTo(ExitCode.OK);
    String begun = Files.readString(file("founding.yaml"));
    Files.writeString(file("policy.yaml"), "description: lax\n" + POLICY);
    assertThat(found("ben", "ben")).isEqualTo(ExitCode.NO);
    assertThat(err).contains("is about something else than", "nothing was signed");
    assertThat(file("founding.yaml")).hasContent(begun);
  }

  @Test
  void aPolicyThatIsWrongIsNotSigned() throws IOException {
    Files.writeString(file("policy.yaml"), "format: countersign/policy/v1\n");
    assertThat(found("anna", "anna")).isEqualTo(ExitCode.NO);
    assertThat(err).contains("rules: is missing");
  }
}
