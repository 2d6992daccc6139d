package dev.countersign.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.cli.Countersign;
import dev.countersign.cli.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandTest {
  private static final Path EXAMPLES = Path.of("..", "docs", "examples");
  private static final String POLICY =
      """
      format: countersign/policy/v1
      rules:
        - name: pay
          effect: ALLOW
          initiators: [desk]
          wallets: [hot-1]
          chains: ["eip155:1"]
          operations: [native-transfer]
          assets: [native]
          destinations: any
          maximum: 1 ether
          maximumGasCost: any
      """;
  private static final String TESTS =
      """
      format: countersign/policy-test/v1
      policy: policy.yaml
      wallets: { hot-1: "0x27b1fdb04752bbc536007a920d24acb045561c26" }
      cases:
        - name: an ether
          initiator: desk
          wallet: hot-1
          chain: eip155:1
          to: "0x1111111111111111111111111111111111111111"
          value: VALUE
          expect: ALLOW
          rule: pay
      """;

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

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void lintHasNothingToSayOfAGoodPolicy() throws IOException {
    Path file = write("policy.yaml", POLICY);
    assertThat(run("policy", "lint", file, EXAMPLES.resolve("exchange-hot-wallet.yaml")))
        .isEqualTo(ExitCode.OK);
    assertThat(out).contains(file + ": 1 rule, nothing wrong; SHA-256 ");
    assertThat(err).isEmpty();
  }

  @Test
  void lintNamesEachProblemWithItsLine() throws IOException {
    Path file =
        write(
            "policy.yaml",
            POLICY.replace("maximum: 1 ether", "maximun: 1 ether").replace("[desk]", "desk"));
    assertThat(run("policy", "lint", file)).isEqualTo(ExitCode.NO);
    assertThat(err)
        .contains(file + ":5:17 rules[0].initiators: expected any, or a list of client ids")
        .contains(file + ":11:5 rules[0]: unknown key \"maximun\"")
        .contains("did you mean maximum?");
  }

  @Test
  void aTestTellsThatAllIsAsExpected() throws IOException {
    write("policy.yaml", POLICY);
    Path tests = write("tests.yaml", TESTS.replace("VALUE", "1 ether"));
    assertThat(run("policy", "test", tests)).as("%s", err).isEqualTo(ExitCode.OK);
    assertThat(out)
        .containsPattern("an ether +ALLOW +pay +as expected")
        .contains("1 of 1 as expected");
    assertThat(err).isEmpty();
  }

  @Test
  void aTestExplainsWhatIsNotAsExpected() throws IOException {
    write("policy.yaml", POLICY);
    Path tests = write("tests.yaml", TESTS.replace("VALUE", "2 ether"));
    assertThat(run("policy", "test", tests)).isEqualTo(ExitCode.NO);
    assertThat(out)
        .containsPattern("an ether +DENY +default-deny +NOT as expected")
        .contains("0 of 1 as expected");
    assertThat(err)
        .contains(tests + ":5:5 an ether")
        .contains("  expected ALLOW by pay")
        .contains("  got DENY by default-deny")
        .contains(
            "  ALLOW pay does not match: maximum expects at most 1000000000000000000 wei (1"
                + " ether), got 2000000000000000000 wei (2 ether)");
  }

  @Test
  void aMisspeltTestIsNoTest() throws IOException {
    write("policy.yaml", POLICY);
    Path tests =
        write("tests.yaml", TESTS.replace("VALUE", "1 ether").replace("rule: pay", "rule: pays"));
    assertThat(run("policy", "test", tests)).isEqualTo(ExitCode.NO);
    assertThat(err)
        .contains(
            tests + ":12:11 cases[0].rule: the policy has no rule \"pays\"; did you mean pay?");
  }

  @Test
  void whatIsWrongWithThePolicyIsToldOfThePolicy() throws IOException {
    Path policy = write("policy.yaml", POLICY.replace("1 ether", "one"));
    Path tests = write("tests.yaml", TESTS.replace("VALUE", "1 ether"));
    assertThat(run("policy", "test", tests)).isEqualTo(ExitCode.NO);
    assertThat(err).contains(policy + ":11:14 rules[0].maximum: expected");
  }

  @Test
  void aMissingFileIsNoAnswer() {
    Path none = directory.resolve("none.yaml");
    assertThat(run("policy", "test", none)).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(err).contains(none + " is not a file you can read");
    assertThat(run("policy", "lint", none)).isEqualTo(ExitCode.UNAVAILABLE);
  }
}
