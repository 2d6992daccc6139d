package dev.countersign.policy.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.approval.Quorum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {group: treasury, count: 2} | 2 of treasury(alice,bob,carol)
          {allOf: [{group: treasury, count: 1}, {group: risk, count: 1}]} \
          | all of (1 of treasury(alice,bob,carol); 1 of risk(carol))
          {anyOf: [{group: risk, count: 1}, {allOf: [{group: treasury, count: 3}]}]} \
          | any of (1 of risk(carol); all of (3 of treasury(alice,bob,carol)))
          """)
  void readsEachForm(String yaml, String text) {
    ApprovalYaml read = read(yaml);
    assertThat(read.problems()).isEmpty();
    assertThat(read.quorum()).map(Quorum::text).hasValue(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {group: treasury, count: 4} \
          | approvals.count: group treasury has 3 members, 4 of them can never approve
          {group: tresury, count: 1} \
          | approvals.group: there is no group "tresury" under groups; did you mean treasury?
          {group: treasury, count: 0} | approvals.count: expected a whole number from 1, got "0"
          {group: treasury, count: 1.5} | approvals.count: expected a whole number from 1, got "1.5"
          {group: treasury, count: -1} | approvals.count: expected a whole number from 1, got "-1"
          {group: treasury} | approvals.count: is missing, expected how many of them
          {count: 1} | approvals.group: is missing, expected the name of a group
          {} | got none
          {group: treasury, count: 1, allOf: []} | got group, count, allOf
          {allOf: [], anyOf: []} | got allOf, anyOf
          {allOf: []} | approvals.allOf: expected a list of quorums, got a list
          {anyOf: {group: treasury, count: 1}} \
          | approvals.anyOf: expected a list of quorums, got a mapping
          {group: treasury, counts: 1} | unknown key "counts"
          treasury | approvals: expected a mapping, got "treasury"
          {allOf: [{group: risk, count: 2}]} | approvals.allOf[0].count: group risk has 1 members
          {allOf: [{anyOf: [{allOf: [{anyOf: [{group: risk, count: 1}]}]}]}]} | is too deep
          """)
  void refusesWhatCanNeverBeMet(String yaml, String problem) {
    ApprovalYaml read = read(yaml);
    assertThat(read.quorum()).isEmpty();
    assertThat(read.problems()).contains(problem);
  }

  /// The only member of one group is needed in the other too: nobody else could take that seat.
  @Test
  void refusesPeopleWhoWouldHaveToCountTwice() {
    String twice = "{allOf: [{group: risk, count: 1}, {group: risk, count: 1}]}";
    ApprovalYaml read = read(twice);
    assertThat(read.quorum()).isEmpty();
    assertThat(read.problems())
        .contains("approvals: all of (1 of risk(carol); 1 of risk(carol)) can never be met");
  }

  @Test
  void isBounded() {
    String any = "{anyOf: [" + "{group: risk, count: 1},".repeat(9) + "]}";
    ApprovalYaml read = read("{allOf: [" + any + "," + any + "]}");
    assertThat(read.quorum()).isEmpty();
    assertThat(read.problems()).contains("approvals: quorum: expected fewer choices");
  }

  private static ApprovalYaml read(String approvals) {
    return ApprovalYaml.read(ApprovalYaml.TREASURY + "approvals: " + approvals + "\n");
  }
}
