package dev.countersign.cosigner.testing;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.ShareSeal;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.cosigner.store.CosignerName;
import dev.countersign.cosigner.store.CosignerSchema;
import dev.countersign.cosigner.store.CosignerStore;
import dev.countersign.cosigner.store.GenerationFile;
import dev.countersign.cosigner.store.GenerationWitness;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.hsm.pkcs11.Pkcs11Config;
import dev.countersign.hsm.pkcs11.Pkcs11KeyBackend;
import dev.countersign.mpc.Party;
import dev.countersign.testenv.junit.TestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// What one cosigner lives in: a database that it uses by a login with its role and nothing else, a
/// key of the token, a file for its generation.
public final class CosignerHome implements AutoCloseable {
  private static final String LOGIN = "cosigner_test_login";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final CosignerName name;
  private final Party party;
  private final PostgresDatabase database;
  private final Pkcs11KeyBackend token;
  private final ShareSeal seal;
  private final Path generationFile;
  private final UnitOfWork unitOfWork;
  private Optional<GenerationWitness> witness = Optional.empty();

  /// @param directory for the generation file
  public CosignerHome(Party party, SoftHsmToken token, Path directory) {
    this.name = new CosignerName("cosigner-" + party.number());
    this.party = party;
    this.database = TestEnvironment.newDatabase(CosignerHome.class);
    this.token =
        Pkcs11KeyBackend.open(
            new Pkcs11Config(
                new BackendName("softhsm"), token.module(), token.label(), token.pinFile(), 2),
            permit -> Optional.of("a cosigner's token seals and signs nothing"));
    this.seal =
        this.token.openOrMakeShareSeal(
            new KeyId(
                "seal-%d-%s"
                    .formatted(party.number(), UUID.randomUUID().toString().substring(0, 8))),
            RANDOM);
    this.generationFile = directory.resolve(name + ".generation");
    CosignerSchema.MIGRATION.run(database.dataSource());
    owner()
        .useHandle(
            handle ->
                handle.execute(
                    "DO $$ BEGIN CREATE ROLE %s LOGIN PASSWORD 'test'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
                        .formatted(LOGIN)));
    CosignerSchema.MIGRATION.grantTo(database.dataSource(), LOGIN);
    this.unitOfWork = new JdbiUnitOfWork(login());
  }

  /// As the server logs in.
  public Jdbi login() {
    return Jdbi.create(database.dataSource(LOGIN, "test"));
  }

  public Jdbi owner() {
    return Jdbi.create(database.dataSource());
  }

  public UnitOfWork unitOfWork() {
    return unitOfWork;
  }

  public ShareSeal seal() {
    return seal;
  }

  public Path generationFile() {
    return generationFile;
  }

  public PostgresDatabase database() {
    return database;
  }

  /// As after a start: what was open before is closed.
  public CosignerStore open() {
    return open(unitOfWork, takeWitness());
  }

  public CosignerStore open(UnitOfWork work, GenerationWitness outside) {
    return CosignerStore.open(work, seal, outside, name, party, UUID.randomUUID());
  }

  public GenerationWitness takeWitness() {
    witness.ifPresent(GenerationWitness::close);
    GenerationWitness taken = GenerationFile.open(generationFile);
    witness = Optional.of(taken);
    return taken;
  }

  /// A copy of the database as it is now, to be put in its place later.
  public void takeImage() {
    server("DROP DATABASE IF EXISTS " + database.name() + "_image");
    server("CREATE DATABASE %1$s_image TEMPLATE %1$s".formatted(database.name()));
  }

  public void putBackImage() {
    server("DROP DATABASE %s WITH (FORCE)".formatted(database.name()));
    server("ALTER DATABASE %1$s_image RENAME TO %1$s".formatted(database.name()));
  }

  private void server(String statement) {
    String url = database.jdbcUrl().replace("/" + database.name(), "/postgres");
    Jdbi.create(url, database.user(), database.password())
        .useHandle(handle -> handle.execute(statement));
  }

  @Override
  public void close() {
    witness.ifPresent(GenerationWitness::close);
    token.close();
    database.drop();
  }
}
