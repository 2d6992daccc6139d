package dev.countersign.policy.freeze;

import static dev.countersign.policy.sample.Samples.allowing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.ThawApproval;
import dev.countersign.core.freeze.ThawStatement;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.ThawAuthority.Answer;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class QuorumThawIT {
  private static final Instant EXPIRES = Instant.parse("2026-12-01T12:00:00Z");

  private final KeyPair alice = keys();
  private final KeyPair aliceToo = keys();
  private final KeyPair bob = keys();
  private final KeyPair carol = keys();
  private final PolicyDatabase database;
  private final Instance instance;
  private final QuorumThaw authority;
  private final Freeze freeze;

  QuorumThawIT(PostgresDatabase postgres) throws GeneralSecurityException {
    database = PolicyDatabase.of(postgres);
    instance = database.instance();
    authority = new QuorumThaw(instance.policies());
    freeze = instance.freeze("wallet:hot-1", "drill");
  }

  @AfterAll
  void close() {
    database.close();
  }

  private void activate(String thaw) {
    database.activate(
        instance,
        allowing()
            + """
            approvers:
              alice: {keys: ["%s", "%s"]}
              bob: {keys: ["%s"]}
              carol: {keys: ["%s"]}
            groups:
              treasury: [alice, bob]
              risk: [carol]
            %s
            """
                .formatted(
                    text(alice.getPublic().getEncoded()),
                    text(aliceToo.getPublic().getEncoded()),
                    text(bob.getPublic().getEncoded()),
                    text(carol.getPublic().getEncoded()),
                    thaw));
  }

  @Test
  void takesTwoPeopleOfTheGroupThatThePolicyNames() throws GeneralSecurityException {
    activate("freeze: {thaw: {group: treasury, count: 2}}");
    Bytes one = approval("alice", alice, statement());
    Bytes two = approval("bob", bob, statement());
    assertThat(verify(one, two)).isEqualTo(new Answer.Granted(List.of("alice", "bob")));
    assertThat(reason(verify(one))).isEqualTo("it still needs 1 more of treasury (bob)");
    assertThat(reason(verify(one, one))).startsWith("it still needs 1 more of");
    assertThat(reason(verify())).startsWith("it still needs 2");
  }

  @Test
  void onePersonWithTwoKeysIsOnePerson() throws GeneralSecurityException {
    activate("freeze: {thaw: {group: treasury, count: 2}}");
    assertThat(
            reason(
                verify(
                    approval("alice", alice, statement()),
                    approval("alice", aliceToo, statement()))))
        .startsWith("it still needs 1 more of");
  }

  @Test
  void saysWhyOneDoesNotCount() throws GeneralSecurityException {
    activate("freeze: {thaw: {group: treasury, count: 2}}");
    var otherTime = new ThawStatement(freeze, EXPIRES.plusSeconds(1));
    var otherFreeze = new ThawStatement(instance.freeze("wallet:hot-2", "drill"), EXPIRES);
    Bytes right = approval("alice", alice, statement());
    assertThat(reason(verify(right, approval("bob", bob, otherTime))))
        .endsWith("the signature of bob is not one of this freeze and this time");
    assertThat(reason(verify(right, approval("bob", bob, otherFreeze))))
        .endsWith("the signature of bob is not one of this freeze and this time");
    assertThat(reason(verify(right, approval("bob", alice, statement())))).contains("for bob");
    assertThat(reason(verify(right, approval("carol", carol, statement()))))
        .contains("carol is none of [alice, bob]");
    assertThat(reason(verify(right, approval("mallory", bob, statement()))))
        .contains("the policy has no approver mallory");
    assertThat(reason(verify(right, Bytes.of("yes".getBytes(StandardCharsets.US_ASCII)))))
        .contains("expected 4 lines");
  }

  @Test
  void aPolicyWithoutAQuorumLiftsNothing() throws GeneralSecurityException {
    activate("");
    assertThat(
            reason(
                verify(approval("alice", alice, statement()), approval("bob", bob, statement()))))
        .contains("names no quorum");
  }

  private ThawStatement statement() {
    return new ThawStatement(freeze, EXPIRES);
  }

  private Answer verify(Bytes... evidence) {
    return instance
        .unitOfWork()
        .inTransaction(
            transaction -> authority.verify(transaction, statement(), List.of(evidence)));
  }

  private static String reason(Answer answer) {
    return ((Answer.Refused) answer).reason();
  }

  private static Bytes approval(String name, KeyPair keys, ThawStatement statement)
      throws GeneralSecurityException {
    var signature = Signature.getInstance("Ed25519");
    signature.initSign(keys.getPrivate());
    signature.update(statement.canonical().toArray());
    return new ThawApproval(
            new ApproverName(name),
            ApproverKey.parse(text(keys.getPublic().getEncoded())),
            Bytes.of(signature.sign()))
        .bytes();
  }

  private static KeyPair keys() throws GeneralSecurityException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private static String text(byte[] spki) {
    return "ed25519:"
        + Base64.getEncoder()
            .encodeToString(Arrays.copyOfRange(spki, spki.length - 32, spki.length));
  }
}
