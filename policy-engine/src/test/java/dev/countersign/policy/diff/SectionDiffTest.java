package dev.countersign.policy.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.model.Digest32;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Sections as documents have them, whether or not the reader of this release knows them.
class SectionDiffTest {
  private static final String YAML =
      """
      groups: {treasury: [alice, bob, carol]}
      freeze:
        thaw: {group: treasury, count: 2}
      changes:
        approvals: {group: treasury, count: 2}
        delay: PT24H
        lifetime: P3D
      rates: {feed: one, oldest: PT1M}
      """;

  private static DiffedPolicy policy(String yaml) {
    var sections =
        DiffedPolicy.entries(
            YamlReader.read(yaml.getBytes(StandardCharsets.UTF_8), new Problems()).orElseThrow());
    Map<String, Set<ApproverName>> groups = new HashMap<>();
    DiffedPolicy.entries(Optional.ofNullable(sections.get("groups")).orElseThrow())
        .forEach(
            (name, members) ->
                groups.put(
                    name,
                    DiffedPolicy.items(Optional.of(members)).stream()
                        .map(member -> new ApproverName(NodeText.of(member)))
                        .collect(Collectors.toSet())));
    return new DiffedPolicy(
        Digest32.of(new byte[Digest32.SIZE]),
        sections,
        List.of(),
        Map.of(),
        groups,
        Optional.empty());
  }

  private static PolicyChange only(String old, String now) {
    assertThat(YAML).contains(old);
    DiffedPolicy before = policy(YAML);
    DiffedPolicy after = policy(YAML.replace(old, now));
    List<PolicyChange> changes = new ArrayList<>(SectionDiff.changes(before, after));
    changes.addAll(ApproverDiff.changes(before, after));
    assertThat(changes).hasSize(1);
    return changes.getFirst();
  }

  @Test
  void aQuorumForThawsOrChangesIsCompared() {
    assertThat(only("thaw: {group: treasury, count: 2}", "thaw: {group: treasury, count: 3}"))
        .extracting(PolicyChange::direction, PolicyChange::text)
        .containsExactly(
            Direction.TIGHTENS,
            "freeze.thaw: {count: 2, group: treasury} -> {count: 3, group: treasury}");
    assertThat(
            only("approvals: {group: treasury, count: 2}", "approvals: {group: treasury, count: 1}")
                .direction())
        .isEqualTo(Direction.LOOSENS);
  }

  @Test
  void timesForChangesAreCompared() {
    assertThat(only("delay: PT24H", "delay: PT48H").direction()).isEqualTo(Direction.TIGHTENS);
    assertThat(only("  delay: PT24H\n", "").direction()).isEqualTo(Direction.LOOSENS);
    assertThat(only("lifetime: P3D", "lifetime: P4D").direction()).isEqualTo(Direction.LOOSENS);
    assertThat(only("lifetime: P3D", "lifetime: P1D").direction()).isEqualTo(Direction.TIGHTENS);
  }

  @Test
  void aGroupThatGrowsLoosensWhatAsksIt() {
    PolicyChange change = only("[alice, bob, carol]", "[alice, bob, carol, dave]");
    assertThat(change.direction()).isEqualTo(Direction.LOOSENS);
    assertThat(change.text())
        .contains("dave may now approve and reject")
        .contains("what changes.approvals requires")
        .contains("what freeze.thaw requires")
        .doesNotContain("was not compared");
  }

  @Test
  void whatIsNotKnownLoosens() {
    assertThat(only("oldest: PT1M", "oldest: PT30S"))
        .extracting(PolicyChange::direction, PolicyChange::key)
        .containsExactly(Direction.LOOSENS, "oldest");
    assertThat(only("feed: one", "feed: one, other: [treasury]").direction())
        .isEqualTo(Direction.LOOSENS);
    assertThat(only("rates: {feed: one, oldest: PT1M}\n", "").direction())
        .isEqualTo(Direction.LOOSENS);
    DiffedPolicy one = policy(YAML);
    assertThat(SectionDiff.names(one, "one")).isTrue();
    assertThat(SectionDiff.names(one, "treasury")).isFalse();
  }
}
