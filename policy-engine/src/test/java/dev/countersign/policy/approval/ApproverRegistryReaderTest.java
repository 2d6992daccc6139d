package dev.countersign.policy.approval;

import static dev.countersign.policy.approval.ApprovalYaml.KEY_1;
import static dev.countersign.policy.approval.ApprovalYaml.KEY_2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.approval.Approver;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.model.ClientId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApproverRegistryReaderTest {
  private static final String ALICE = "approvers:\n  alice: {keys: [\"" + KEY_1 + "\"]}\n";

  @Test
  void readsApproversAndGroups() {
    ApprovalYaml read = ApprovalYaml.read(ApprovalYaml.TREASURY);
    assertThat(read.problems()).isEmpty();
    assertThat(read.approvers().registry().find(new ApproverName("alice")))
        .hasValue(
            new Approver(
                Set.of(ApproverKey.parse(KEY_1)), Optional.of(new ClientId("alice-laptop"))));
    assertThat(read.approvers().registry().approvers()).hasSize(3);
    assertThat(read.approvers().groups().get("risk")).containsExactly(new ApproverName("carol"));
  }

  @Test
  void withoutBothThereIsNobody() {
    ApprovalYaml read = ApprovalYaml.read("rules: []\n");
    assertThat(read.approvers()).isEqualTo(PolicyApprovers.EMPTY);
    assertThat(read.problems()).isEmpty();
  }

  @Test
  void refusesAKeyThatIsThereTwice() {
    assertThat(problems("approvers:\n  alice: {keys: ['%s', '%s']}\n".formatted(KEY_1, KEY_1)))
        .isEqualTo("2:%d approvers.alice.keys: the key \"%s\" is there twice".formatted(74, KEY_1));
    assertThat(
            problems(
                "approvers:\n  alice: {keys: ['%s']}\n  bob: {keys: ['%s']}\n"
                    .formatted(KEY_1, KEY_1)))
        .isEqualTo(
            "3:16 approvers.bob.keys: the key \"%s\" is that of alice already: each approver has"
                    .formatted(KEY_1)
                + " keys of their own");
  }

  @Test
  void refusesWhatIsNoKey() {
    assertThat(problems("approvers:\n  alice: {keys: [abc]}\n"))
        .isEqualTo(
            "2:18 approvers.alice.keys: expected ed25519: and base64 of 32 bytes, or p256: and"
                + " base64 of 33 bytes, got \"abc\"");
    assertThat(problems("approvers:\n  alice: {keys: []}\n"))
        .isEqualTo(
            "2:17 approvers.alice.keys: expected a list of public keys: "
                + ApproverKey.FORM
                + ", got an empty list");
    assertThat(problems("approvers:\n  alice: {}\n")).contains("approvers.alice.keys: is missing");
    assertThat(problems("approvers:\n  alice: {keys: [[a]]}\n"))
        .contains("expected a public key, got a list");
  }

  @Test
  void refusesUnknownKeysOfAnApprover() {
    assertThat(problems("approvers:\n  alice: {keys: ['%s'], clients: a}\n".formatted(KEY_1)))
        .contains("unknown key \"clients\", expected one of keys, client; did you mean client?");
  }

  @Test
  void refusesNamesThatAreNone() {
    assertThat(problems("approvers:\n  Alice: {keys: ['%s']}\n".formatted(KEY_1)))
        .startsWith("2:3 approvers: expected 1 to 63 of a-z");
    assertThat(problems(ALICE + "groups:\n  T: [alice]\n"))
        .startsWith("4:3 groups: expected 1 to 63 of a-z");
    assertThat(problems("approvers:\n  a: {keys: ['%s'], client: A}\n".formatted(KEY_1)))
        .contains("approvers.a.client: expected 1 to 63 of a-z");
  }

  @Test
  void guessesWhichMemberWasMeant() {
    assertThat(problems(ALICE + "groups:\n  t: [alise]\n"))
        .isEqualTo(
            "4:7 groups.t: there is no approver \"alise\" under approvers; did you mean alice?");
  }

  @Test
  void tellsABrokenKeyOnceAndNotAgainForEachGroup() {
    assertThat(problems("approvers:\n  alice: {keys: [abc]}\ngroups:\n  t: [alice]\n").lines())
        .hasSize(1);
  }

  @Test
  void refusesEmptyGroupsAndMembersTwice() {
    assertThat(problems(ALICE + "groups:\n  t: []\n"))
        .isEqualTo("4:6 groups.t: expected a list of approvers, got an empty list");
    assertThat(problems(ALICE + "groups:\n  t: [alice, alice]\n"))
        .isEqualTo("4:14 groups.t: the approver \"alice\" is there twice");
    assertThat(problems(ALICE + "groups:\n  t: [{a: b}]\n"))
        .isEqualTo("4:7 groups.t: expected the name of an approver, got a mapping");
  }

  @Test
  void refusesOtherShapes() {
    assertThat(problems("approvers: [alice]\n"))
        .isEqualTo("1:12 approvers: expected names of approvers with their keys, got a list");
    assertThat(problems("groups: treasury\n"))
        .isEqualTo(
            "1:9 groups: expected names of groups with lists of approvers, got \"treasury\"");
    assertThat(problems("approvers:\n  alice: " + KEY_2.length() + "\n"))
        .contains("approvers.alice: expected a mapping");
  }

  @Test
  void keepsWhoIsAClientToo() {
    ApprovalYaml read = ApprovalYaml.read(ApprovalYaml.TREASURY);
    assertThat(read.approvers().registry().personsOf(new ClientId("alice-laptop")))
        .containsExactly(new ApproverName("alice"));
    assertThat(read.approvers().registry().personsOf(new ClientId("bob"))).isEmpty();
    assertThat(read.approvers().groups()).isEqualTo(Map.copyOf(read.approvers().groups()));
  }

  private static String problems(String yaml) {
    return ApprovalYaml.read(yaml).problems();
  }
}
