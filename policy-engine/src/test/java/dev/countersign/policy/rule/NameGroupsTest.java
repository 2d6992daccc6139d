package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NameGroupsTest {
  private static final String GROUPS =
      """
      clients: {desks: [desk, night-desk]}
      walletGroups: {hot: [hot-1, hot-2]}
      """;

  @Test
  void aGroupStandsForItsMembersBesideOthers() {
    List<Criterion> criteria =
        policy(allowing("initiators: [desks, bot]", "wallets: [hot]") + GROUPS)
            .rules()
            .getFirst()
            .criteria();
    SubjectCriterion initiators = (SubjectCriterion) criteria.getFirst();
    SubjectCriterion wallets = (SubjectCriterion) criteria.get(1);
    assertThat(initiators.holds(subject("night-desk", "hot-1"))).isTrue();
    assertThat(initiators.holds(subject("bot", "hot-1"))).isTrue();
    assertThat(initiators.holds(subject("desks", "hot-1"))).isFalse();
    assertThat(initiators.expected()).isEqualTo("one of desks, bot");
    assertThat(wallets.holds(subject("desk", "hot-2"))).isTrue();
    assertThat(wallets.holds(subject("desk", "hot"))).isFalse();
    assertThat(wallets.expected()).isEqualTo("hot");
  }

  @Test
  void refusesWhatIsNoGroup() {
    assertThat(problems(allowing() + "clients: {any: [desk]}"))
        .contains("clients: the name of a group is")
        .contains("and not any");
    assertThat(problems(allowing() + "clients: {desks: []}"))
        .contains("clients.desks: expected a list of client ids, got a list");
    assertThat(problems(allowing() + "clients: {desks: [Desk]}"))
        .contains("clients.desks: expected a client id: 1 to 63");
    assertThat(problems(allowing() + "walletGroups: {hot: [hot-1, hot-1]}"))
        .contains("walletGroups.hot: \"hot-1\" is there twice");
    assertThat(problems(allowing() + "walletGroups: [hot-1]"))
        .contains("walletGroups: expected names with lists of wallet ids, got a list");
  }

  @Test
  void vaultsAndTiersAreThoseOfTheWallet() {
    SubjectCriterion vaults = (SubjectCriterion) CriterionSample.of("vaults", "vaults: [treasury]");
    assertThat(vaults.holds(subject("desk", "hot-1"))).isTrue();
    assertThat(vaults.observed(subject("desk", "hot-1"))).isEqualTo("treasury");
    SubjectCriterion tiers = (SubjectCriterion) CriterionSample.of("tiers", "tiers: [cold, warm]");
    assertThat(tiers.holds(subject("desk", "hot-1"))).isFalse();
    assertThat(tiers.expected()).isEqualTo("one of cold, warm");
    assertThat(tiers.observed(subject("desk", "hot-1"))).isEqualTo("hot");
    assertThat(problems(allowing("tiers: [icy]"))).contains("expected one of hot, warm, cold");
  }
}
