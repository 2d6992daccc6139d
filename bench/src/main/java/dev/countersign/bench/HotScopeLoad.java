package dev.countersign.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.audit.store.PostgresAuditTrail;
import dev.countersign.bench.PolicyWorld.Asked;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.decision.ChangeSeals;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.HoldSeals;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.PolicySeals;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.decision.ThawSeals;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.pipeline.Coalescer;
import dev.countersign.core.pipeline.SigningPipeline;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.PolicyEngine.PolicySession;
import dev.countersign.core.port.ThawAuthority;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.database.SchemaMigration;
import dev.countersign.policy.change.FoundingCeremony;
import dev.countersign.policy.engine.CircuitBreakers;
import dev.countersign.policy.engine.PostgresPolicyEngine;
import dev.countersign.policy.freeze.FreezeStore;
import dev.countersign.policy.freeze.PostgresFreezes;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.PolicyMemory;
import dev.countersign.policy.store.PolicyStore;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Jdbi;

/// Callers who all charge the same counter, each waiting until its admission is durable; against
/// the same number of clients who insert one row each and commit it.
final class HotScopeLoad implements AutoCloseable {
  static final int CALLERS = 64;

  private static final int BODY_BYTES = 200;

  /// One counter for whoever asks.
  private static final String POLICY =
      """
      format: countersign/policy/v1
      rules:
        - name: hot
          effect: ALLOW
          initiators: any
          wallets: any
          chains: any
          operations: [native-transfer]
          assets: [native]
          destinations: any
          maximumGasCost: any
          limits: [{name: day, maximum: 1000000000 ether, window: PT24H}]
      """;

  private final HikariDataSource pool;
  private final JdbiUnitOfWork unitOfWork;
  private final PostgresPolicyEngine engine;
  private final Coalescer<Asked, Decision> admissions;
  private final AtomicLong requests = new AtomicLong();

  HotScopeLoad(PostgresDatabase database) throws SQLException, GeneralSecurityException {
    PostgresPolicyEngine.MIGRATION.run(database.dataSource());
    new SchemaMigration("audit", "dev/countersign/audit/migrations").run(database.dataSource());
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource());
    config.setMaximumPoolSize(CALLERS);
    this.pool = new HikariDataSource(config);
    this.unitOfWork = new JdbiUnitOfWork(Jdbi.create(pool));
    SealKey key = SealKey.random(new SecureRandom());
    PolicySeals seals = new PolicySeals(key);
    ThawSeals thawSeals = new ThawSeals(key);
    AuditTrail audit = new PostgresAuditTrail(() -> {});
    Founder founder = Founder.random();
    ActivePolicies policies =
        new ActivePolicies(seals, founder.founders(), PolicyMemory.ofInstance());
    this.engine =
        new PostgresPolicyEngine(
            unitOfWork,
            new PermitMint(key),
            policies,
            new HoldSeals(key),
            new PostgresFreezes(unitOfWork, thawSeals),
            new CircuitBreakers(
                unitOfWork,
                new FreezeStore(audit, thawSeals, ThawAuthority.NONE),
                InstantSource.system()));
    // As the pipeline does.
    this.admissions =
        new Coalescer<>(
            "admit", SigningPipeline.Limits.DEFAULT.largestBatch(), 1, this::admitTogether);
    found(
        founder,
        new FoundingCeremony(
            unitOfWork,
            audit,
            policies,
            new PolicyStore(audit, seals, policies),
            new ChangeSeals(key)));
    createTable();
  }

  private static void found(Founder founder, FoundingCeremony ceremony)
      throws GeneralSecurityException {
    Bytes document = Bytes.of(POLICY.getBytes(StandardCharsets.UTF_8));
    FoundingCeremony.Outcome outcome =
        ceremony.found(document, founder.sign(document), Actor.system("bench"));
    if (!(outcome instanceof FoundingCeremony.Outcome.Founded)) {
      throw new IllegalStateException("not founded: " + outcome);
    }
  }

  private void createTable() throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement create =
            connection.prepareStatement(
                """
                CREATE TABLE public.plain_row (
                  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea NOT NULL)
                """)) {
      create.execute();
    }
  }

  private List<Decision> admitTogether(List<Asked> asked) {
    return unitOfWork.inTransaction(
        transaction -> {
          PolicySession session =
              engine.open(transaction, asked.stream().map(Asked::subject).toList());
          List<Decision> decisions = new ArrayList<>();
          asked.forEach(one -> decisions.add(session.judge(one.subject(), one.payload())));
          session.save();
          return decisions;
        });
  }

  /// Admissions a second.
  double admits(Duration howLong) throws InterruptedException, ExecutionException {
    return perSecond(
        howLong,
        () -> {
          Asked asked = Asked.toExchange(PolicyWorld.request(requests.incrementAndGet()));
          Decision decision = admissions.submit(asked);
          if (!(decision instanceof Decision.Allowed)) {
            throw new IllegalStateException("not admitted: " + decision);
          }
          return decision;
        });
  }

  /// Rows a second.
  double inserts(Duration howLong) throws InterruptedException, ExecutionException {
    byte[] body = new byte[BODY_BYTES];
    return perSecond(
        howLong,
        () -> {
          try (Connection connection = pool.getConnection();
              PreparedStatement insert =
                  connection.prepareStatement("INSERT INTO public.plain_row (body) VALUES (?)")) {
            insert.setBytes(1, body);
            return insert.executeUpdate();
          }
        });
  }

  private static double perSecond(Duration howLong, Callable<?> one)
      throws InterruptedException, ExecutionException {
    long began = System.nanoTime();
    long end = began + howLong.toNanos();
    Callable<Long> caller =
        () -> {
          long count = 0;
          while (System.nanoTime() < end) {
            var _ = one.call();
            count++;
          }
          return count;
        };
    try (var executor = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        counts.add(executor.submit(caller));
      }
      long total = 0;
      for (Future<Long> count : counts) {
        total += count.get();
      }
      return total / ((System.nanoTime() - began) / 1e9);
    }
  }

  /// Fails unless the database has one reservation for each admission, all in one scope.
  void requireEveryAdmissionCounted() throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement count =
            connection.prepareStatement(
                "SELECT count(*), count(DISTINCT scope) FROM policy.reservation");
        var row = count.executeQuery()) {
      row.next();
      if (row.getLong(1) != requests.get() || row.getLong(2) != 1) {
        throw new IllegalStateException(
            "%d reservations in %d scopes of %d admissions"
                .formatted(row.getLong(1), row.getLong(2), requests.get()));
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
