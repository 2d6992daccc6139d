package dev.countersign.policy.sample;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.Approver;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.ApproverRegistry;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.port.ThawAuthority;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.policy.change.FoundingCeremony;
import dev.countersign.policy.change.Proposal;
import dev.countersign.policy.change.ProposalState;
import dev.countersign.policy.change.Proposals.Deciding;
import dev.countersign.policy.change.Proposals.Proposing;
import dev.countersign.policy.engine.PostgresPolicyEngine;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.store.PolicyMemory;
import dev.countersign.policy.succession.Founders;
import dev.countersign.policy.succession.Founding;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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

  /// Who founds what is tested here, and may change policies that do not say who may.
  public static final TestPerson FOUNDER = new TestPerson("frida", 70);

  /// Who proposes.
  public static final ClientId PROPOSER = new ClientId("policy-desk");

  public static final Actor CLIENT = new Actor(Actor.Kind.CLIENT, "policy-desk", "test");

  private final PostgresDatabase database;
  private final Founders founders = founders(1, FOUNDER);
  private final String login;
  private final List<HikariDataSource> pools = new ArrayList<>();
  private final SealKey key = SealKey.random(new SecureRandom());
  private final RecordingAuditTrail audit = new RecordingAuditTrail();

  private PolicyDatabase(PostgresDatabase database, String login) {
    this.database = database;
    this.login = login;
  }

  public static Founders founders(int quorum, TestPerson... people) {
    Map<ApproverName, Approver> registry = new HashMap<>();
    for (TestPerson person : people) {
      registry.put(
          new ApproverName(person.name()), new Approver(Set.of(person.key()), Optional.empty()));
    }
    return new Founders(
        "tests",
        new ApproverRegistry(registry),
        RuleQuorum.Members.of("founders", registry.keySet(), quorum));
  }

  public Founders founders() {
    return founders;
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

  /// An instance that was given another founders' file.
  public Instance believing(Founders others) {
    return instance(new LimitClock.OfDatabase(), key, others, PolicyMemory.ofInstance());
  }

  /// An instance that remembers what it has judged by.
  public Instance remembering(PolicyMemory memory) {
    return instance(new LimitClock.OfDatabase(), key, founders, memory);
  }

  private Instance instance(LimitClock clock, SealKey its) {
    return instance(clock, its, founders, PolicyMemory.ofInstance());
  }

  private Instance instance(LimitClock clock, SealKey its, Founders pinned, PolicyMemory memory) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource(login, PASSWORD));
    config.setMaximumPoolSize(CONNECTIONS);
    HikariDataSource pool = new HikariDataSource(config);
    pools.add(pool);
    return new Instance(
        new JdbiUnitOfWork(Jdbi.create(pool)), clock, its, pinned, memory, audit, THE_WORD);
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

  /// Makes a policy the active one, which has to be right, by the founder: nobody else may while
  /// policies do not say so.
  public PolicyVersion activate(Instance instance, String yaml) {
    Bytes document = Bytes.of(yaml.getBytes(StandardCharsets.UTF_8));
    PolicyVersion last = instance.ceremony().last();
    if (last.number() == 0) {
      return switch (found(instance, document)) {
        case FoundingCeremony.Outcome.Founded(PolicyVersion version) -> version;
        case FoundingCeremony.Outcome other -> throw new AssertionError(other);
      };
    }
    return switch (instance.proposals().propose(document, last, "", PROPOSER, CLIENT)) {
      case Proposing.Proposed(Proposal proposal) -> approved(instance, proposal);
      case Proposing.Unchanged(PolicyVersion active) -> active;
      case Proposing other -> throw new AssertionError(other);
    };
  }

  private static PolicyVersion approved(Instance instance, Proposal proposal) {
    Approval approval = FOUNDER.approves(proposal.statement());
    return switch (instance.proposals().decide(proposal.id(), approval, "", CLIENT)) {
      case Deciding.Counted(Proposal counted) when counted.state() == ProposalState.ACTIVATED ->
          new PolicyVersion(
              Long.parseLong(counted.reason().substring("version ".length())),
              counted.statement().document());
      case Deciding other -> throw new AssertionError(other);
    };
  }

  /// Makes the first policy, as the founder.
  public FoundingCeremony.Outcome found(Instance instance, Bytes document) {
    Founding begun =
        Founding.begin(founders, document, new ProposalId(UUID.randomUUID()), Instant.now());
    return instance
        .ceremony()
        .found(document, begun.with(FOUNDER.approves(begun.statement())), Actor.system("test"));
  }

  /// As if there had never been a policy.
  public void forgetPolicies() {
    asSuperuser(
        "DELETE FROM policy.active",
        "DELETE FROM policy.document_change",
        "DELETE FROM policy.document",
        "DELETE FROM policy.proposal_approval",
        "DELETE FROM policy.proposal");
  }

  /// What nobody may, and a superuser of the database can: no trigger runs.
  public void asSuperuser(String... statements) {
    owner()
        .useTransaction(
            handle -> {
              handle.execute("SET LOCAL session_replication_role = replica");
              for (String statement : statements) {
                handle.execute(statement);
              }
            });
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
