package dev.countersign.nonce.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.store.NonceSchema;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// A database and a chain for any number of instances of what is tested here. Instances log in as
/// a role that may do no more than the module's own role may.
public final class NonceBench implements AutoCloseable {
  private static final String PASSWORD = "test";

  private final ChainDefinitions chains;
  private final Jdbi owner;
  private final PostgresDatabase database;
  private final String login;
  private final List<Instance> instances = new ArrayList<>();
  private final List<HikariDataSource> pools = new ArrayList<>();

  public NonceBench(PostgresDatabase database, ChainId chain, List<URI> endpoints, int depth) {
    this(database, definition(chain, endpoints, depth));
  }

  /// A chain with base fees, which is asked often.
  public static ChainDefinition definition(ChainId chain, List<URI> endpoints, int depth) {
    return new ChainDefinition(
        chain, "Test", "ETH", FeeModel.EIP1559, endpoints, depth, Duration.ofMillis(50), "");
  }

  public NonceBench(PostgresDatabase database, ChainDefinition chain) {
    this.database = database;
    this.owner = Jdbi.create(database.dataSource());
    this.login = "login_" + database.name();
    this.chains = ChainDefinitions.of(List.of(chain));
    NonceSchema.MIGRATION.run(database.dataSource());
    owner.useHandle(
        handle -> {
          handle.execute(TableRequests.TABLE);
          handle.execute(TableAudit.TABLE);
          handle.execute(
              """
              DO $$ BEGIN
                CREATE ROLE %s LOGIN PASSWORD '%s';
              EXCEPTION WHEN duplicate_object THEN NULL;
              END $$
              """
                  .formatted(login, PASSWORD));
          handle.execute("GRANT ALL ON test_request, test_audit, test_audit_seq_seq TO " + login);
          handle.execute(
              "TRUNCATE nonce.lane, nonce.transaction, nonce.replacement, nonce.tracker");
          handle.execute("TRUNCATE test_request, test_audit");
        });
    NonceSchema.MIGRATION.grantTo(database.dataSource(), login);
  }

  public ChainDefinitions chains() {
    return chains;
  }

  /// An instance of its own, with connections of its own; nothing runs in its background yet.
  public Instance instance() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource(login, PASSWORD));
    config.setMaximumPoolSize(4);
    config.setConnectionTimeout(3_000);
    HikariDataSource pool = new HikariDataSource(config);
    pools.add(pool);
    Instance instance = new Instance(new JdbiUnitOfWork(Jdbi.create(pool)), chains);
    instances.add(instance);
    return instance;
  }

  /// The database as its owner sees it.
  public Jdbi owner() {
    return owner;
  }

  public RequestState state(SigningRequestId request) {
    return RequestState.valueOf(
        text("SELECT state FROM test_request WHERE id = '%s'".formatted(request)));
  }

  /// The state of the nonce that the request owns.
  public String nonceState(SigningRequestId request) {
    return text("SELECT state FROM nonce.transaction WHERE request_id = '%s'".formatted(request));
  }

  /// What was written down for the request, the oldest first.
  public List<String> audit(SigningRequestId request) {
    return owner.withHandle(
        handle ->
            handle
                .select(
                    "SELECT event FROM test_audit WHERE request = ? ORDER BY seq", request.value())
                .mapTo(String.class)
                .list());
  }

  public String text(String sql) {
    return owner.withHandle(handle -> handle.select(sql).mapTo(String.class).one());
  }

  /// Stops what runs.
  @Override
  public void close() {
    instances.forEach(Instance::close);
    pools.forEach(HikariDataSource::close);
  }
}
