package dev.countersign.policy.change;

import static dev.countersign.policy.sample.Instance.request;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.TestPerson;
import dev.countersign.policy.store.PolicyMemory;
import dev.countersign.policy.succession.Founding;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a superuser of the database does, who here has the permit key besides: whatever is to be
/// sealed is. Nothing of it is signed by.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ForgedPolicyIT {
  private static final TestPerson MALLORY = new TestPerson("mallory", 66);
  private static final TestPerson FALSE_FRIDA = new TestPerson("frida", 67);

  private final PolicyDatabase database;
  private final Instance one;
  private PolicyVersion second;

  ForgedPolicyIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.one = database.instance();
    this.second = PolicyChangeStatement.NO_POLICY;
  }

  @BeforeEach
  void found() {
    database.forgetPolicies();
    database.activate(one, policy("first"));
    second = database.activate(one, policy("second"));
    assertThat(judge(database.instance())).isNotInstanceOf(Denied.class);
  }

  @AfterAll
  void close() {
    database.close();
  }

  private static String policy(String rule) {
    return allowing().replace("name: pay", "name: " + rule);
  }

  private static Decision judge(Instance instance) {
    return instance.admit(request(), pay(ALICE, BigInteger.ONE));
  }

  private static String sql(Bytes bytes) {
    return "decode('" + bytes.hex().substring(2) + "', 'hex')";
  }

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static PolicyVersion version(long number, Bytes document) {
    return new PolicyVersion(number, PolicyChangeStatement.hashOf(document));
  }

  /// Nothing is signed, by an instance that runs and by one that starts, and both say why.
  private void assertNothingIsSigned(String why) {
    for (Instance instance : new Instance[] {one, database.instance()}) {
      Decision decision = judge(instance);
      assertThat(decision).isInstanceOf(Denied.class);
      assertThat(((Denied) decision).reason()).contains(why);
      assertThat(instance.engine().problem().orElseThrow()).contains(why);
    }
  }

  private void insertActive(Bytes document) {
    PolicyVersion forged = version(3, document);
    database.asSuperuser(
        "INSERT INTO policy.document VALUES (3, sha256(%1$s), %1$s, now())"
            .formatted(sql(document)),
        "UPDATE policy.active SET version = 3, seal = " + sql(one.seals().seal(forged)));
  }

  private void insertProposal(PolicyChangeStatement statement, Bytes document, Approval... by) {
    database.asSuperuser(
        "INSERT INTO policy.proposal (id, content, statement, base, proposed_by, note, proposed_at,"
            + " expires_at, state, ended_at) VALUES ('%s', %s, %s, %d, 'x', '', now(), now(), 'ACTIVATED', now())"
                .formatted(
                    statement.proposal(),
                    sql(document),
                    sql(statement.bytes()),
                    statement.base().number()),
        "INSERT INTO policy.document_change VALUES (3, '%s')".formatted(statement.proposal()));
    for (Approval approval : by) {
      database.asSuperuser(
          "INSERT INTO policy.proposal_approval VALUES ('%s', '%s', '%s', 'APPROVE', %s, '', now())"
              .formatted(
                  statement.proposal(),
                  approval.approver(),
                  approval.key().text(),
                  sql(approval.signature())));
    }
  }

  private PolicyChangeStatement statement(PolicyVersion base, Bytes document) {
    Instant now = Instant.parse("2026-11-23T06:00:00Z");
    return new PolicyChangeStatement(
        "tests",
        new ProposalId(UUID.randomUUID()),
        Optional.empty(),
        base,
        PolicyChangeStatement.hashOf(document),
        document.size(),
        database.founders().quorum(),
        Duration.ZERO,
        now,
        now.plus(Duration.ofDays(7)));
  }

  @Test
  void anInsertedPolicy() {
    insertActive(bytes(policy("forged")));
    assertNothingIsSigned("policy version 3 was not approved: nobody has approved it");
    assertThat(one.unitOfWork().inTransaction(one.store()::active)).isEmpty();
  }

  @Test
  void anInsertedPolicyWithSignaturesOfSomebodyElse() {
    Bytes document = bytes(policy("forged"));
    insertActive(document);
    PolicyChangeStatement statement = statement(second, document);
    insertProposal(
        statement, document, MALLORY.approves(statement), FALSE_FRIDA.approves(statement));
    assertNothingIsSigned("policy version 3 was not approved: it is not approved: it needs");
  }

  @Test
  void theSignaturesOfThePolicyBefore() {
    Bytes document = bytes(policy("forged"));
    insertActive(document);
    database.asSuperuser(
        "INSERT INTO policy.document_change SELECT 3, proposal FROM policy.document_change"
            + " WHERE version = 2");
    assertNothingIsSigned("policy version 3 was not approved: what was signed is about another");
  }

  @Test
  void theSameDocumentAsOnceApprovedAgain() {
    // Byte for byte the second policy once more, with what was signed for it then.
    Bytes document = bytes(policy("second"));
    insertActive(document);
    database.asSuperuser(
        "INSERT INTO policy.document_change SELECT 3, proposal FROM policy.document_change"
            + " WHERE version = 2");
    assertNothingIsSigned("it was approved as the successor of version 1");
  }

  @Test
  void anEditedDocument() {
    Bytes lax = bytes(policy("lax"));
    database.asSuperuser(
        "UPDATE policy.document SET content = %1$s, hash = sha256(%1$s) WHERE version = 2"
            .formatted(sql(lax)),
        "UPDATE policy.active SET seal = " + sql(one.seals().seal(version(2, lax))));
    assertNothingIsSigned("policy version 2 was not approved: what was signed is about another");
  }

  @Test
  void anEditedDocumentWithTheOldHash() {
    assertThat(judge(one).rule()).isEqualTo("second");
    database.asSuperuser("ALTER TABLE policy.document DROP CONSTRAINT hash_is_of_content");
    try {
      database.asSuperuser(
          "UPDATE policy.document SET content = %s WHERE version = 2"
              .formatted(sql(bytes(policy("lax")))));
      // The one that runs goes on with what it has verified; one that starts signs nothing.
      assertThat(judge(one).rule()).isEqualTo("second");
      assertThat(((Denied) judge(database.instance())).reason()).contains("is about another");
    } finally {
      database.forgetPolicies();
      database.asSuperuser(
          "ALTER TABLE policy.document ADD CONSTRAINT hash_is_of_content CHECK (hash ="
              + " sha256(content))");
    }
  }

  @Test
  void editedAndRemovedApprovals() {
    database.asSuperuser(
        "UPDATE policy.proposal_approval SET key = '" + FALSE_FRIDA.key().text() + "'");
    assertThat(((Denied) judge(database.instance())).reason()).contains("was not approved");
    database.asSuperuser("DELETE FROM policy.proposal_approval");
    assertThat(((Denied) judge(database.instance())).reason()).contains("was not approved");
    assertThat(database.instance().ceremony().last()).isEqualTo(PolicyChangeStatement.NO_POLICY);
  }

  @Test
  void anEditedFoundingPolicy() {
    // The last one is as it was; the one that says who may change it is not.
    database.asSuperuser(
        "UPDATE policy.document SET content = %1$s, hash = sha256(%1$s) WHERE version = 1"
            .formatted(sql(bytes(policy("lax")))));
    assertThat(((Denied) judge(database.instance())).reason())
        .contains("policy version 2 was not approved");
  }

  @Test
  void aFoundingByFoundersOfOnesOwn() {
    Bytes document = bytes(policy("forged"));
    var own = PolicyDatabase.founders(1, FALSE_FRIDA);
    Founding founding =
        Founding.begin(own, document, new ProposalId(UUID.randomUUID()), Instant.now());
    database.forgetPolicies();
    FoundingCeremony.Outcome refused =
        one.ceremony()
            .found(
                document,
                founding.with(FALSE_FRIDA.approves(founding.statement())),
                Actor.system("test"));
    assertThat(((FoundingCeremony.Outcome.Refused) refused).reason()).contains("it needs");
    // And when somebody has made the server believe so.
    Instance fooled = database.believing(own);
    assertThat(
            fooled
                .ceremony()
                .found(
                    document,
                    founding.with(FALSE_FRIDA.approves(founding.statement())),
                    Actor.system("test")))
        .isInstanceOf(FoundingCeremony.Outcome.Founded.class);
    assertThat(judge(fooled)).isNotInstanceOf(Denied.class);
    assertThat(((Denied) judge(one)).reason()).contains("was not approved");
  }

  @Test
  void aPolicyOfBeforePutBack() {
    database.asSuperuser(
        "UPDATE policy.active SET version = 1, seal = "
            + sql(one.seals().seal(version(1, bytes(policy("first"))))));
    assertNothingIsSigned("is not the latest, version 2 is");
  }

  @Test
  void theDatabaseSetBackToAPolicyOfBefore(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("policy.seen");
    Instance remembering = database.remembering(PolicyMemory.in(file));
    remembering.policies().remember(remembering.unitOfWork());
    assertThat(file).hasContent("2 " + second.hash().hex() + "\n");
    database.asSuperuser(
        "DELETE FROM policy.document_change WHERE version = 2",
        "UPDATE policy.active SET version = 1, seal = "
            + sql(one.seals().seal(version(1, bytes(policy("first"))))),
        "DELETE FROM policy.document WHERE version = 2");
    for (Instance instance :
        new Instance[] {remembering, database.remembering(PolicyMemory.in(file))}) {
      assertThat(((Denied) judge(instance)).reason())
          .contains("policy version 1 was overtaken: this instance has judged by version 2");
    }
    Files.writeString(file, "2 0x");
    assertThatThrownBy(() -> PolicyMemory.in(file)).hasMessageContaining("policy.seen");
  }

  @Test
  void theQuorumActivatesAboveWhatWasForged() {
    insertActive(bytes(policy("forged")));
    assertNothingIsSigned("was not approved");
    assertThat(database.activate(one, policy("right")).number()).isEqualTo(4);
    assertThat(judge(one).rule()).isEqualTo("right");
    assertThat(judge(database.instance()).rule()).isEqualTo("right");
  }

  @Test
  void theCeremonyHappensOnce() {
    assertThat(database.found(one, bytes(policy("again"))))
        .isEqualTo(new FoundingCeremony.Outcome.AlreadyFounded(second));
    assertThat(judge(one).rule()).isEqualTo("second");
  }
}
