package dev.countersign.policy.store;

import static dev.countersign.policy.sample.Instance.request;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the database refuses whatever the code does.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PolicySchemaIT {
  private final PolicyDatabase database;
  private final Instance instance;

  PolicySchemaIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.instance = database.instance();
  }

  @BeforeAll
  void fill() {
    database.activate(
        instance,
        allowing("limits:", "  - {name: ten, maximum: 10, counts: [value], window: PT24H}"));
    PolicySubject signed = request();
    PolicySubject givenUp = request();
    instance.admit(signed, pay(ALICE, BigInteger.ONE));
    instance.admit(givenUp, pay(ALICE, BigInteger.ONE));
    instance.commit(signed);
    instance.release(givenUp);
  }

  @AfterAll
  void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM policy.document",
        "UPDATE policy.document SET content = ''",
        "DELETE FROM policy.decision",
        "UPDATE policy.decision SET payload_digest = sha256('')",
        "UPDATE policy.decision SET rule = 'other'",
        "DELETE FROM policy.reservation",
        "UPDATE policy.reservation SET amount = 0",
        "UPDATE policy.reservation SET at = now()",
        "DELETE FROM policy.scope",
        "UPDATE policy.scope SET key = 'x'",
        "TRUNCATE policy.reservation, policy.decision",
        "DELETE FROM policy.active",
        "CREATE TABLE policy.mine ()"
      })
  void theServersLoginMayNot(String sql) {
    assertRefused(database.login(), sql, "permission denied");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE policy.document SET activated_at = now()",
        "DELETE FROM policy.document",
        "DELETE FROM policy.decision",
        "DELETE FROM policy.reservation",
        "TRUNCATE policy.reservation"
      })
  void theOwnerMayNotByMistake(String sql) {
    assertRefused(database.owner(), sql, "its rows are final");
  }

  @Test
  void aDecisionIsSettledOnce() {
    assertRefused(
        database.login(),
        "UPDATE policy.decision SET state = 'RESERVED' WHERE state = 'COMMITTED'",
        "cannot go from COMMITTED to RESERVED");
    assertRefused(
        database.login(),
        "UPDATE policy.decision SET state = 'COMMITTED' WHERE state = 'RELEASED'",
        "cannot go from RELEASED to COMMITTED");
    assertRefused(
        database.login(),
        "UPDATE policy.reservation SET released = false WHERE released",
        "a reservation can only be released");
  }

  @Test
  void aSumIsNeverNegative() {
    assertRefused(database.login(), "UPDATE policy.scope SET spent = -1", "check constraint");
  }

  @Test
  void aDocumentHasTheHashOfItsContent() {
    assertRefused(
        database.login(),
        "INSERT INTO policy.document VALUES (99, sha256('a'), 'b', now())",
        "hash_is_of_content");
  }

  private static void assertRefused(Jdbi jdbi, String sql, String why) {
    assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.execute(sql)))
        .as(sql)
        .hasMessageContaining(why);
  }
}
