package dev.countersign.policy.sample;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.ThawAuthority;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.policy.engine.PostgresPolicyEngine;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.store.PolicyStore;
import dev.countersign.policy.store.PolicyStore.Activation;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// A migrated database and the instances that share it. They log in as a role that has what the
/// migrations grant, and no more.
public final class PolicyDatabase implements AutoCloseable {
  private static final String PASSWORD = "policy-test-login";
  private static final int CONNECTIONS = 6;

  /// What has to be said, besides the statement, for a freeze to be lifted here.
  public static final Bytes WORD = Bytes.of("please".getBytes(StandardCharsets.UTF_8));

  private static final ThawAuthority THE_WORD =
      (transaction, statement, evidence) ->
          evidence.equals(List.of(statement.canonical(), WORD))
              ? new ThawAuthority.Answer.Granted(List.of("alice", "bob"))
              : new ThawAuthority.Answer.Refused("nobody asked for it");

  private final PostgresDatabase database;
  private final String login;
  private final List<HikariDataSource> pools = new ArrayList<>();
  private final SealKey key = SealKey.random(new SecureRandom());
  private final RecordingAuditTrail audit = new RecordingAuditTrail();

  private PolicyDatabase(PostgresDatabase database, String login) {
    this.database = database;
    this.login = login;
  }

  public static PolicyDatabase of(PostgresDatabase database) {
    PostgresPolicyEngine.MIGRATION.run(database.dataSource());
    String login = "login_" + database.name();
    Jdbi.create(database.dataSource())
        .useHandle(
            handle ->
                handle.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(login, PASSWORD)));
    PostgresPolicyEngine.MIGRATION.grantTo(database.dataSource(), login);
    return new PolicyDatabase(database, login);
  }

  /// Another instance of the server: a pool and an engine of its own.
  public Instance instance() {
    return instance(new LimitClock.OfDatabase());
  }

  public Instance instance(LimitClock clock) {
    return instance(clock, key);
  }

  /// An instance of another deployment, or one whose key file is wrong.
  public Instance stranger() {
    return instance(new LimitClock.OfDatabase(), SealKey.random(new SecureRandom()));
  }

  private Instance instance(LimitClock clock, SealKey its) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource(login, PASSWORD));
    config.setMaximumPoolSize(CONNECTIONS);
    HikariDataSource pool = new HikariDataSource(config);
    pools.add(pool);
    return new Instance(new JdbiUnitOfWork(Jdbi.create(pool)), clock, its, audit, THE_WORD);
  }

  public RecordingAuditTrail audit() {
    return audit;
  }

  /// As the owner of the schema, who may look at everything.
  public Jdbi owner() {
    return Jdbi.create(database.dataSource());
  }

  /// As the server logs in.
  public Jdbi login() {
    return Jdbi.create(database.dataSource(login, PASSWORD));
  }

  /// Activates a policy that must be right.
  public PolicyVersion activate(Instance instance, String yaml) {
    return switch (tryToActivate(instance, yaml)) {
      case Activation.Activated activated -> activated.version();
      case Activation.Unchanged unchanged -> unchanged.version();
      case Activation.Superseded superseded -> throw new AssertionError(superseded);
      case Activation.Refused refused -> throw new AssertionError(refused.text());
    };
  }

  public Activation tryToActivate(Instance instance, String yaml) {
    PolicyStore store = new PolicyStore(audit, instance.seals());
    return instance
        .unitOfWork()
        .inTransaction(
            transaction ->
                store.activate(
                    transaction,
                    yaml.getBytes(StandardCharsets.UTF_8),
                    Actor.system("test"),
                    Instant.parse("2026-11-01T12:00:00Z")));
  }

  /// The only number that a query of the owner gives.
  public BigInteger number(String sql) {
    return owner()
        .withHandle(handle -> handle.createQuery(sql).mapTo(BigDecimal.class).one())
        .toBigIntegerExact();
  }

  /// How many scopes there are whose sum is not that of their reservations.
  public int wrongScopes() {
    return number(
            """
            SELECT count(*) FROM policy.scope WHERE spent IS DISTINCT FROM (
              SELECT coalesce(sum(amount), 0) FROM policy.reservation
              WHERE scope = id AND NOT released AND at > horizon)
            """)
        .intValueExact();
  }

  @Override
  public void close() {
    pools.forEach(HikariDataSource::close);
  }
}
