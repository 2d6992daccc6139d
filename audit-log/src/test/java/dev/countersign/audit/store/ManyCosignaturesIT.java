package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// After months of checkpoints, what is looked at four times a second is still found by the index.
@WithTestEnvironment
@Timeout(120)
class ManyCosignaturesIT {
  private static final long SIZES = 100_000;
  private static final List<WitnessKey> WITNESSES =
      Stream.of("w1", "w2", "w3").map(TestWitness::signer).map(Cosignature::keyOf).toList();

  private final TestLog log;

  ManyCosignaturesIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private void insert(WitnessKey witness, long from, long to) {
    log.superuser.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO audit.cosignature (tree_size, witness, line, received_at)
                    SELECT size, :witness, repeat('x', 140), now()
                    FROM generate_series(:from, :to) AS size
                    """)
                .bind("witness", witness.toString())
                .bind("from", from)
                .bind("to", to)
                .execute());
  }

  private void assertByIndex(String sql, UnaryOperator<Query> bind) {
    String plan =
        log.superuser.withHandle(
            handle ->
                String.join(
                    "\n",
                    bind.apply(handle.createQuery("EXPLAIN ANALYZE " + sql))
                        .mapTo(String.class)
                        .list()));
    assertThat(plan).contains("Index").doesNotContain("Seq Scan").doesNotContain("Sort");
  }

  @Test
  void theNewestThatMeetsThePolicyIsFoundFromTheNewestBack() {
    insert(WITNESSES.get(0), 1, SIZES);
    insert(WITNESSES.get(1), 1, SIZES - 5_000);
    insert(WITNESSES.get(2), 1, SIZES - 20_000);
    log.superuser.useHandle(handle -> handle.execute("ANALYZE audit.cosignature"));
    assertByIndex(
        CosignatureRows.PAGE,
        query ->
            query
                .bind("most", SIZES)
                .bindArray(
                    "witnesses",
                    String.class,
                    WITNESSES.stream().map(WitnessKey::toString).toList())
                .bind("limit", 16));
    assertByIndex(
        CosignatureRows.LATEST_SIZE, query -> query.bind("witness", WITNESSES.get(0).toString()));
    for (int quorum = 1; quorum <= 3; quorum++) {
      WitnessPolicy policy = WitnessPolicy.of(quorum, WITNESSES);
      long expected = List.of(SIZES, SIZES - 5_000, SIZES - 20_000).get(quorum - 1);
      assertThat(
              log.login.<OptionalLong, RuntimeException>withHandle(
                  handle -> CosignatureRows.newestMeeting(handle, policy, SIZES)))
          .hasValue(expected);
    }
    WitnessPolicy strangers =
        WitnessPolicy.of(1, List.of(Cosignature.keyOf(TestWitness.signer("w4"))));
    assertThat(
            log.login.<OptionalLong, RuntimeException>withHandle(
                handle -> CosignatureRows.newestMeeting(handle, strangers, SIZES)))
        .isEmpty();
  }
}
