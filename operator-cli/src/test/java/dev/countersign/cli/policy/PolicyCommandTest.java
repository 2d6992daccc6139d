package dev.countersign.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
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

  @Test
  void diffExitsWithOneWhenSomethingLoosens() throws IOException {
    Path one = write("one.yaml", POLICY);
    Path ten = write("ten.yaml", POLICY.replace("1 ether", "10 ether"));
    assertThat(run("policy", "diff", one, ten)).isEqualTo(ExitCode.NO);
    assertThat(out)
        .containsPattern("loosens +rule pay: maximum 1 ether -> 10 ether \\(10x more\\)")
        .contains("1 changes: 1 loosens, 0 tightens, 0 neither");
    assertThat(run("policy", "diff", ten, one)).isEqualTo(ExitCode.OK);
    assertThat(run("policy", "diff", one, one)).isEqualTo(ExitCode.OK);
    assertThat(out).contains("the same bytes");
  }

  @Test
  void diffPrintsJson() throws IOException {
    Path one = write("one.yaml", POLICY);
    Path ten = write("ten.yaml", POLICY.replace("1 ether", "10 ether"));
    assertThat(run("policy", "diff", "--json", one, ten)).isEqualTo(ExitCode.NO);
    assertThat(new JsonMapper().readTree(out).at("/changes/0/after/0").asText())
        .isEqualTo("10000000000000000000");
    assertThat(new JsonMapper().readTree(out).at("/direction").asText()).isEqualTo("loosens");
  }

  @Test
  void diffOfWhatIsNoPolicyIsNoAnswer() throws IOException {
    Path one = write("one.yaml", POLICY);
    Path broken = write("broken.yaml", POLICY.replace("1 ether", "one"));
    assertThat(run("policy", "diff", one, broken)).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(err).contains(broken + " is no policy").contains(broken + ":11:14 rules[0].maximum");
  }

  @Test
  void simulateExplainsACase() throws IOException {
    write("policy.yaml", POLICY);
    Path tests = write("tests.yaml", TESTS.replace("VALUE", "2 ether"));
    assertThat(run("policy", "simulate", tests)).isEqualTo(ExitCode.NO);
    assertThat(out)
        .startsWith("would be denied now")
        .contains("native-transfer of 2000000000000000000 eip155:1/slip44:60 out of")
        .contains(
            "ALLOW pay: maximum expected at most 1000000000000000000 wei (1 ether), observed");
    Path other = write("other.yaml", POLICY.replace("1 ether", "3 ether"));
    assertThat(run("policy", "simulate", tests, "--policy", other, "--json"))
        .isEqualTo(ExitCode.OK);
    assertThat(new JsonMapper().readTree(out).at("/answer").asText()).isEqualTo("ALLOW");
  }

  @Test
  void simulateTakesARequestOfWhichNothingIsExpected() throws IOException {
    write("policy.yaml", POLICY);
    Path tests =
        write(
            "tests.yaml",
            TESTS
                .replace("VALUE", "1 ether")
                .replace("expect: ALLOW", "")
                .replace("rule: pay", ""));
    assertThat(run("policy", "test", tests)).isEqualTo(ExitCode.NO);
    assertThat(run("policy", "simulate", tests)).as("%s", err).isEqualTo(ExitCode.OK);
    assertThat(out).startsWith("would be allowed now");
    assertThat(run("policy", "simulate", tests, "--case", "none")).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("name one case of").contains("an ether");
  }

  @Test
  void simulateTakesBytes() throws IOException {
    Path policy =
        write(
            "policy.yaml",
            POLICY
                + "    limits: [{name: all, maximum: 2 ether, window: PT1H, counts: [value]}]\n");
    // eip155:1, nonce 0, 21000 gas at 30 gwei, one ether to 0x11…11.
    String bytes =
        "0x02ec018080"
            + "8506fc23ac00"
            + "825208"
            + "94"
            + "11".repeat(20)
            + "880de0b6b3a7640000"
            + "80c0";
    String[] usual = {
      "policy",
      "simulate",
      "--policy",
      policy.toString(),
      "--transaction",
      bytes,
      "--wallet",
      "hot-1=0x27b1fdb04752bbc536007a920d24acb045561c26",
      "--client",
      "desk"
    };
    assertThat(run((Object[]) usual)).as("%s", err).isEqualTo(ExitCode.OK);
    assertThat(out).contains("pay/all eip155:1/slip44:60: 0 of 2000000000000000000 in PT1H");
    assertThat(
            run(
                Stream.concat(Stream.of(usual), Stream.of("--spent", "pay/all=1.5 ether"))
                    .toArray()))
        .isEqualTo(ExitCode.NO);
    assertThat(out).contains("limit all expected at most 2000000000000000000 wei (2 ether)");
    assertThat(run("policy", "simulate", "--transaction", "0x00", "--policy", policy))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("policy", "simulate")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void coverageNamesTheRulesThatNeverMatched() throws IOException {
    write("policy.yaml", POLICY + "  - name: never\n    effect: DENY\n    wallets: [cold]\n");
    Path tests = write("tests.yaml", TESTS.replace("VALUE", "1 ether"));
    assertThat(run("policy", "test", "--coverage", tests)).isEqualTo(ExitCode.OK);
    assertThat(out)
        .containsPattern("pay +ALLOW +1")
        .containsPattern("never +DENY +0")
        .contains("1 of 2 rules matched; never: never");
  }
}
