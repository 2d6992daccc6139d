package dev.countersign.policy.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.policy.diff.PolicyChange.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyDiffTest {
  private static final String POLICY =
      """
      format: countersign/policy/v1
      description: before
      addresses:
        exchanges: ["0x52908400098527886E0F7030069857D2E4169EE7"]
        sanctioned: ["0xde709f2102306220921060314715629080e2fb77"]
      approvers:
        alice: {keys: ["ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="]}
        bob: {keys: ["p256:A2D+1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p+2"]}
        carol: {keys: ["ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="]}
      groups:
        treasury: [alice, bob]
      rules:
        - name: never
          effect: DENY
          destinations: [sanctioned]
        - name: rebalance
          effect: ALLOW
          initiators: [desk]
          wallets: [hot-1, hot-2]
          chains: ["eip155:1"]
          operations: [native-transfer]
          assets: [native]
          destinations: [exchanges]
          maximum: 25 ether
          maximumGasCost: 0.01 ether
          limits:
            - {name: hourly, maximum: 60 ether, window: PT1H, per: [wallet]}
            - {name: daily, maximum: 200 ether, window: PT24H}
        - name: large
          effect: REQUIRE
          assets: [native]
          above: 10 ether
          approvals: {group: treasury, count: 2}
          lifetime: PT4H
        - name: slow
          effect: DELAY
          assets: [native]
          above: 20 ether
          delay: PT1H
      """;

  private static PolicyDiff diff(String before, String after) {
    var outcome =
        PolicyDiff.of(
            before.getBytes(StandardCharsets.UTF_8), after.getBytes(StandardCharsets.UTF_8));
    assertThat(outcome).isInstanceOf(PolicyDiff.Outcome.Compared.class);
    return ((PolicyDiff.Outcome.Compared) outcome).diff();
  }

  private static PolicyChange only(String old, String now) {
    assertThat(POLICY).contains(old);
    List<PolicyChange> changes = diff(POLICY, POLICY.replace(old, now)).changes();
    assertThat(changes).hasSize(1);
    return changes.getFirst();
  }

  @Test
  void theLaterEverybodySeesItTheStricter() {
    String gas = "maximumGasCost: 0.01 ether\n";
    String relayed = gas + "    privateRelay: %s\n";
    String only = POLICY.replace(gas, relayed.formatted("only"));
    String later = POLICY.replace(gas, relayed.formatted("public after 25 blocks"));
    String sooner = POLICY.replace(gas, relayed.formatted("public after 5 blocks"));
    for (List<String> stricter :
        List.of(
            List.of(POLICY, only),
            List.of(POLICY, sooner),
            List.of(sooner, later),
            List.of(later, only))) {
      assertThat(diff(stricter.getFirst(), stricter.getLast()).changes())
          .extracting(PolicyChange::direction)
          .containsExactly(Direction.TIGHTENS);
      assertThat(diff(stricter.getLast(), stricter.getFirst()).changes())
          .extracting(PolicyChange::direction)
          .containsExactly(Direction.LOOSENS);
    }
  }

  @Test
  void examplesHaveNoDifferenceWithThemselves() throws IOException {
    try (var files = Files.list(Path.of("..", "docs", "examples"))) {
      for (Path file : files.filter(it -> !it.toString().endsWith(".test.yaml")).toList()) {
        String text = Files.readString(file);
        assertThat(diff(text, text).changes()).as(file.toString()).isEmpty();
      }
    }
  }

  @Test
  void whatIsOnlyWrittenInAnotherWayIsNoDifference() {
    String other =
        POLICY
                .replace("[hot-1, hot-2]", "[\"hot-2\", hot-1]")
                .replace("25 ether", "25000000000 gwei")
                .replace("PT24H", "P1D")
                .replace("[exchanges]", "[\"0x52908400098527886e0f7030069857d2e4169ee7\"]")
                .replace("{group: treasury, count: 2}", "{count: 2, group: treasury}")
            + "# the end\n";
    PolicyDiff diff = diff(POLICY, other);
    assertThat(diff.changes()).isEmpty();
    assertThat(diff.before()).isNotEqualTo(diff.after());
    assertThat(diff.direction()).isEqualTo(Direction.NEITHER);
  }

  @Test
  void tenTimesTheMaximumLoosens() {
    PolicyChange change = only("maximum: 25 ether", "maximum: 250 ether");
    assertThat(change.text()).isEqualTo("rule rebalance: maximum 25 ether -> 250 ether (10x more)");
    assertThat(change)
        .isEqualTo(
            new PolicyChange(
                "rules",
                "rebalance",
                "maximum",
                Kind.CHANGED,
                List.of("25000000000000000000"),
                List.of("250000000000000000000"),
                Direction.LOOSENS,
                change.text()));
  }

  @Test
  void whatMovesTheOtherWayTightens() {
    assertThat(only("maximum: 25 ether", "maximum: 20 ether"))
        .extracting(PolicyChange::direction, PolicyChange::text)
        .containsExactly(
            Direction.TIGHTENS, "rule rebalance: maximum 25 ether -> 20 ether (20% less)");
    assertThat(only("maximumGasCost: 0.01 ether", "maximumGasCost: any").text())
        .isEqualTo("rule rebalance: maximumGasCost 0.01 ether -> any");
    assertThat(only("maximumGasCost: 0.01 ether", "maximumGasCost: any").direction())
        .isEqualTo(Direction.LOOSENS);
    assertThat(only("above: 10 ether", "above: 5 ether").direction()).isEqualTo(Direction.TIGHTENS);
    assertThat(only("above: 10 ether", "above: 15 ether").direction()).isEqualTo(Direction.LOOSENS);
  }

  @Test
  void listsOfARuleThatAllowsLoosenAsTheyGrow() {
    assertThat(only("[hot-1, hot-2]", "[hot-1, hot-2, hot-3]"))
        .extracting(PolicyChange::direction, PolicyChange::text)
        .containsExactly(Direction.LOOSENS, "rule rebalance: wallets hot-3 now allowed, too");
    assertThat(only("[hot-1, hot-2]", "[hot-1]").direction()).isEqualTo(Direction.TIGHTENS);
    assertThat(only("[hot-1, hot-2]", "[hot-1, hot-3]").direction()).isEqualTo(Direction.LOOSENS);
    assertThat(only("initiators: [desk]", "initiators: any").text())
        .isEqualTo("rule rebalance: initiators [desk] -> any");
  }

  @Test
  void listsOfARuleThatDeniesLoosenAsTheyShrink() {
    assertThat(only("destinations: [sanctioned]", "destinations: any").direction())
        .isEqualTo(Direction.TIGHTENS);
    assertThat(only("destinations: [sanctioned]", "destinations: [sanctioned, exchanges]"))
        .extracting(PolicyChange::direction, PolicyChange::text)
        .containsExactly(
            Direction.TIGHTENS,
            "rule never: destinations exchanges now denied, too (that adds"
                + " 0x52908400098527886E0F7030069857D2E4169EE7)");
    assertThat(
            only("destinations: [sanctioned]", "wallets: [hot-1]\n    destinations: [sanctioned]"))
        .extracting(PolicyChange::direction, PolicyChange::key, PolicyChange::kind)
        .containsExactly(Direction.LOOSENS, "wallets", Kind.ADDED);
  }

  @Test
  void anAddressAddedToAListIsToldWithTheRulesThatNameIt() {
    PolicyChange change =
        only(
            "exchanges: [\"0x52908400098527886E0F7030069857D2E4169EE7\"]",
            "exchanges: [\"0x52908400098527886E0F7030069857D2E4169EE7\","
                + " \"0x8617E340B3D1FA5F411F306F4090FD116D649DD7\"]");
    assertThat(change.direction()).isEqualTo(Direction.LOOSENS);
    assertThat(change.text())
        .isEqualTo(
            "address list exchanges: 1 added: 0x8617e340b3D1Fa5f411F306f4090fD116d649DD7; in"
                + " destinations of rule rebalance (ALLOW) what was added is now allowed, too");
    PolicyChange denied =
        only(
            "[\"0xde709f2102306220921060314715629080e2fb77\"]",
            "[\"0x8617E340B3D1FA5F411F306F4090FD116D649DD7\"]");
    assertThat(denied.direction()).isEqualTo(Direction.LOOSENS);
    assertThat(denied.text()).contains("1 removed").contains("no longer denied by it");
  }

  @Test
  void aListThatShrinksUnderARuleThatBecameADenialLoosens() {
    String waits =
        POLICY
            + """
              - name: later
                effect: DELAY
                destinations: [more]
                delay: PT1H
            """;
    String two =
        waits.replace(
            "addresses:\n",
            "addresses:\n  more: [\"0x8617E340B3D1FA5F411F306F4090FD116D649DD7\","
                + " \"0x1111111111111111111111111111111111111111\"]\n");
    String one =
        waits
            .replace(
                "addresses:\n",
                "addresses:\n  more: [\"0x8617E340B3D1FA5F411F306F4090FD116D649DD7\"]\n")
            .replace(
                "name: later\n    effect: DELAY\n    destinations: [more]\n    delay: PT1H",
                "name: later\n    effect: DENY\n    destinations: [more]");
    assertThat(diff(two, one).changes())
        .extracting(PolicyChange::section, PolicyChange::key, PolicyChange::direction)
        .containsExactly(
            tuple("rules", "effect", Direction.TIGHTENS),
            tuple("addresses", "", Direction.LOOSENS));
  }

  @Test
  void rulesAddedAndRemoved() {
    String without = POLICY.replace(POLICY.substring(POLICY.indexOf("  - name: slow")), "");
    assertThat(diff(POLICY, without).changes())
        .singleElement()
        .extracting(PolicyChange::kind, PolicyChange::direction, PolicyChange::text)
        .containsExactly(
            Kind.REMOVED,
            Direction.LOOSENS,
            "rule slow: removed; it was DELAY: assets [native]; above 20 ether; delay PT1H");
    assertThat(diff(without, POLICY).changes())
        .singleElement()
        .extracting(PolicyChange::kind, PolicyChange::direction)
        .containsExactly(Kind.ADDED, Direction.TIGHTENS);
  }

  @Test
  void anotherEffect() {
    String denies = POLICY.replace("effect: DELAY", "effect: DENY").replace("delay: PT1H", "");
    assertThat(diff(POLICY, denies).direction()).isEqualTo(Direction.TIGHTENS);
    assertThat(diff(denies, POLICY).direction()).isEqualTo(Direction.LOOSENS);
  }

  @Test
  void limits() {
    assertThat(only("maximum: 200 ether", "maximum: 300 ether"))
        .extracting(PolicyChange::key, PolicyChange::direction, PolicyChange::text)
        .containsExactly(
            "limits.daily.maximum",
            Direction.LOOSENS,
            "rule rebalance: limit daily maximum 200 ether -> 300 ether (50% more)");
    assertThat(only("window: PT24H", "window: PT12H").direction()).isEqualTo(Direction.LOOSENS);
    assertThat(only("window: PT24H", "window: PT48H").direction()).isEqualTo(Direction.TIGHTENS);
    assertThat(only("window: PT24H", "window: PT24H, counts: [value]").direction())
        .isEqualTo(Direction.LOOSENS);
    assertThat(only("per: [wallet]", "per: [wallet, initiator]").text())
        .isEqualTo(
            "rule rebalance: limit hourly per wallet -> initiator, wallet: it counts anew, from"
                + " nothing");
    assertThat(diff(POLICY, POLICY.replace("name: hourly", "name: in-an-hour")).changes())
        .extracting(PolicyChange::kind, PolicyChange::direction)
        .containsExactly(
            tuple(Kind.REMOVED, Direction.LOOSENS), tuple(Kind.ADDED, Direction.TIGHTENS));
  }

  @Test
  void aRuleThatDeniesBeginsWhereItsLimitsEnd() {
    String limited =
        POLICY.replace(
            "destinations: [sanctioned]",
            "assets: [native]\n    limits: [{name: all, maximum: 1 ether, window: PT1H}]\n"
                + "    destinations: [sanctioned]");
    String unlimited =
        POLICY.replace(
            "destinations: [sanctioned]", "assets: [native]\n    destinations: [sanctioned]");
    assertThat(diff(unlimited, limited).changes())
        .singleElement()
        .extracting(PolicyChange::direction, PolicyChange::text)
        .containsExactly(
            Direction.LOOSENS,
            "rule never: only beyond all maximum 1 ether window PT1H, was from the first on");
    assertThat(diff(limited, unlimited).direction()).isEqualTo(Direction.TIGHTENS);
  }

  @Test
  void quorumsLifetimesAndDelays() {
    assertThat(only("count: 2", "count: 1").direction()).isEqualTo(Direction.LOOSENS);
    assertThat(only("lifetime: PT4H", "lifetime: PT8H").direction()).isEqualTo(Direction.LOOSENS);
    assertThat(only("lifetime: PT4H", "lifetime: PT2H").direction()).isEqualTo(Direction.TIGHTENS);
    assertThat(only("delay: PT1H", "delay: PT2H").text())
        .isEqualTo("rule slow: delay PT1H -> PT2H (longer)");
    assertThat(only("delay: PT1H", "delay: PT30M").direction()).isEqualTo(Direction.LOOSENS);
    String all = "{allOf: [{group: treasury, count: 1}, {group: treasury, count: 1}]}";
    assertThat(only("{group: treasury, count: 2}", all).direction()).isEqualTo(Direction.LOOSENS);
    String one = POLICY.replace("count: 2", "count: 1");
    assertThat(diff(one, POLICY).direction()).isEqualTo(Direction.TIGHTENS);
    assertThat(diff(one, one.replace("{group: treasury, count: 1}", all)).direction())
        .isEqualTo(Direction.TIGHTENS);
  }

  @Test
  void whoMayApprove() {
    assertThat(only("[alice, bob]", "[alice, bob, carol]"))
        .extracting(PolicyChange::direction, PolicyChange::text)
        .containsExactly(
            Direction.LOOSENS,
            "group treasury: carol may now approve and reject; what rule large requires");
    PolicyChange key =
        only(
            "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
            "ed25519:/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=");
    assertThat(key.direction()).isEqualTo(Direction.LOOSENS);
    assertThat(key.text())
        .isEqualTo(
            "approver alice: keys changed: new: whoever holds"
                + " ed25519:/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU= approves as alice;"
                + " ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo= no longer counts");
    assertThat(only("HURo=\"]}", "HURo=\"], client: desk}").direction())
        .isEqualTo(Direction.TIGHTENS);
  }

  @Test
  void whoCanNoLongerRejectLoosens() {
    String three = POLICY.replace("[alice, bob]", "[alice, bob, carol]");
    assertThat(diff(three, POLICY).direction()).isEqualTo(Direction.LOOSENS);
  }

  @Test
  void descriptionsAndTheOrderOfRulesAreNeither() {
    assertThat(only("description: before", "description: after").direction())
        .isEqualTo(Direction.NEITHER);
    String rule = POLICY.substring(POLICY.indexOf("  - name: slow"));
    String moved = POLICY.replace(rule, "").replace("rules:\n", "rules:\n" + rule);
    assertThat(diff(POLICY, moved).changes())
        .singleElement()
        .extracting(PolicyChange::key, PolicyChange::direction)
        .containsExactly("order", Direction.NEITHER);
  }

  @Test
  void whatIsNoPolicyIsNotCompared() {
    var broken = POLICY.replace("25 ether", "much").getBytes(StandardCharsets.UTF_8);
    var policy = POLICY.getBytes(StandardCharsets.UTF_8);
    assertThat(PolicyDiff.of(policy, broken))
        .isInstanceOfSatisfying(
            PolicyDiff.Outcome.Invalid.class,
            invalid -> {
              assertThat(invalid.isBefore()).isFalse();
              assertThat(invalid.problems()).hasSize(1);
            });
    assertThat(PolicyDiff.of(broken, broken))
        .isInstanceOfSatisfying(
            PolicyDiff.Outcome.Invalid.class, invalid -> assertThat(invalid.isBefore()).isTrue());
  }
}
