package dev.countersign.policy.document;

import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Digest32;
import dev.countersign.policy.rule.Rule;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PolicyDocumentReaderTest {
  private static final String HEAD = "format: countersign/policy/v1\n";

  @Test
  void namesADocumentByTheHashOfItsBytes() {
    assertThat(PolicyDocumentReader.hash("abc".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(
            Digest32.fromHex("0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    assertThat(policy(HEAD + "rules: []\n").hash())
        .isNotEqualTo(policy(HEAD + "rules: [] # same, but not the same\n").hash());
  }

  @Test
  void takesAPolicyWithoutRules() {
    assertThat(policy(HEAD + "rules: []\n").rules()).isEmpty();
  }

  @Test
  void keepsTheOrderOfRules() {
    assertThat(policy(HEAD + "rules:\n" + deny("b") + deny("a")).rules())
        .extracting(Rule::name)
        .containsExactly("b", "a");
  }

  @Test
  void refusesAnotherFormat() {
    assertThat(problems("format: countersign/policy/v2\nrules: []\n"))
        .isEqualTo("1:9 format: expected countersign/policy/v1, got \"countersign/policy/v2\"");
  }

  @Test
  void tellsEverythingThatIsMissing() {
    assertThat(problems("description: x\n").lines())
        .containsExactly(
            "1:1 format: is missing, expected countersign/policy/v1",
            "1:1 rules: is missing, expected a list of rules");
  }

  @Test
  void refusesUnknownKeysAndGuessesWhatWasMeant() {
    assertThat(problems(HEAD + "rule: []\nrules: []\n"))
        .isEqualTo(
            "2:1 unknown key \"rule\", expected one of %s; did you mean rules?"
                .formatted(String.join(", ", PolicyDocumentReader.KEYS)));
    assertThat(problems(allowing("maxGasCost: 1 gwei")))
        .contains("unknown key \"maxGasCost\"")
        .contains("did you mean maximumGasCost?");
  }

  @Test
  void refusesTwoRulesOfOneName() {
    assertThat(problems(HEAD + "rules:\n" + deny("a") + deny("a")))
        .isEqualTo("5:5 rules[1]: a second rule named a");
  }

  @Test
  void refusesNamesThatCouldBeMistaken() {
    assertThat(problems(HEAD + "rules:\n" + deny("Pаy")))
        .startsWith("3:11 rules[0].name: expected 1 to 63 of a-z, 0-9 and -");
    assertThat(problems(HEAD + "rules:\n" + deny("default-deny")))
        .contains("default-deny is the name of what happens when no rule allows");
    assertThat(problems(HEAD + "addresses: {any: []}\nrules: []\n"))
        .contains("addresses: the name of a list is");
  }

  @Test
  void refusesAnEffectItDoesNotKnow() {
    assertThat(problems(HEAD + "rules:\n  - name: a\n    effect: allow\n"))
        .isEqualTo("4:13 rules[0].effect: expected ALLOW, DENY, REQUIRE or DELAY, got \"allow\"");
  }

  @Test
  void aRuleThatAllowsSaysWhoFromWhereAndWhat() {
    assertThat(problems(HEAD + "rules:\n  - name: a\n    effect: ALLOW\n").lines())
        .hasSize(7)
        .allMatch(line -> line.contains("is missing: a rule that allows says it"));
  }

  @Test
  void aRuleThatDeniesMayLeaveThemOut() {
    assertThat(policy(HEAD + "rules:\n" + deny("freeze")).rules().getFirst().criteria()).isEmpty();
  }

  @Test
  void aRuleThatDeniesHasNoMaximum() {
    assertThat(
            problems(
                    HEAD
                        + "rules:\n  - name: a\n    effect: DENY\n    assets: [native]\n"
                        + "    maximum: 1\n    maximumGasCost: 1\n    limits: []\n")
                .lines())
        .hasSize(3)
        .anyMatch(line -> line.contains("maximum: only a rule that allows has one"))
        .anyMatch(line -> line.contains("maximumGasCost: only a rule that allows has one"))
        .anyMatch(line -> line.contains("limits: expected a list of limits"));
  }

  @Test
  void refusesAddressesThatAreWrong() {
    String wrong =
        HEAD
            + "addresses:\n"
            + "  a:\n"
            + "    - '0x52908400098527886E0F7030069857D2E4169Ee7'\n"
            + "    - '0x12'\n"
            + "    - [x]\n"
            + "  b: []\n"
            + "rules: []\n";
    assertThat(problems(wrong).lines())
        .containsExactly(
            "4:7 addresses.a: expected the EIP-55 checksum"
                + " 0x52908400098527886E0F7030069857D2E4169EE7, got"
                + " \"0x52908400098527886E0F7030069857D2E4169Ee7\"",
            "5:7 addresses.a: expected 0x and 40 hex digits, got \"0x12\"",
            "6:7 addresses.a: expected an address, got a list",
            "7:6 addresses.b: expected a list of addresses: 0x and 40 hex digits, got a list");
  }

  @Test
  void refusesAnAddressThatIsThereTwiceInWhateverCase() {
    assertThat(
            problems(
                HEAD
                    + "addresses:\n  a:\n    - '0x52908400098527886E0F7030069857D2E4169EE7'\n"
                    + "    - '0x52908400098527886e0f7030069857d2e4169ee7'\nrules: []\n"))
        .startsWith("5:7 addresses.a: the address");
  }

  @Test
  void refusesRulesThatAreNoMappings() {
    assertThat(problems(HEAD + "rules: [1]\n"))
        .isEqualTo("2:9 rules[0]: expected a mapping, got \"1\"");
    assertThat(problems("[]")).isEqualTo("1:1 expected a mapping, got a list");
  }

  private static String deny(String name) {
    return "  - name: " + name + "\n    effect: DENY\n";
  }
}
