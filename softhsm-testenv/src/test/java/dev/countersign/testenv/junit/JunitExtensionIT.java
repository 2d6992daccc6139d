package dev.countersign.testenv.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.nio.file.Files;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.sql.SQLException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@WithTestEnvironment
@DevChainSettings(chainId = 5, blockMillis = -1)
class JunitExtensionIT {
  private final PostgresDatabase ofTheClass;

  JunitExtensionIT(PostgresDatabase ofTheClass) {
    this.ofTheClass = ofTheClass;
  }

  @Test
  void givesOneDatabaseToTheWholeClass(PostgresDatabase database) {
    assertThat(database.name()).isEqualTo(ofTheClass.name()).startsWith("t_junitextensionit_");
  }

  @Test
  void theDatabaseIsDurableAndNeedsItsPassword(PostgresDatabase database) throws SQLException {
    assertThat(show(database, "fsync")).isEqualTo("on");
    assertThat(show(database, "synchronous_commit")).isEqualTo("on");
    assertThat(show(database, "max_connections")).isEqualTo("200");
    assertThat(show(database, "listen_addresses")).isEqualTo("127.0.0.1");
    assertThat(show(database, "server_version")).startsWith("18.");
    assertThat(show(database, "data_checksums")).isEqualTo("on");
    assertThatThrownBy(() -> database.dataSource(database.user(), "guess").getConnection())
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void theTokenSignsInThisProcess(SoftHsmToken token) throws Exception {
    var configuration = Files.createTempFile("sunpkcs11", ".cfg");
    Files.writeString(
        configuration,
        "name = testenv\nlibrary = " + token.module() + "\nslot = " + token.slot() + "\n");
    var provider = Security.getProvider("SunPKCS11").configure(configuration.toString());
    Files.delete(configuration);
    KeyStore.getInstance("PKCS11", provider).load(null, token.pin());
    var generator = KeyPairGenerator.getInstance("EC", provider);
    generator.initialize(new ECGenParameterSpec("secp256k1"));
    var pair = generator.generateKeyPair();
    var signature = Signature.getInstance("NONEwithECDSAinP1363Format", provider);
    signature.initSign(pair.getPrivate());
    signature.update(new byte[32]);
    assertThat(signature.sign()).hasSize(64);
  }

  @Test
  void chainsAreAsTheirSettingsSay(
      DevChain ofTheClass,
      DevChain again,
      @DevChainSettings(chainId = 10) DevChain other,
      @DevChainSettings(chainId = 5, blockMillis = -1) DevChain sameAsTheClass) {
    assertThat(ofTheClass.rpc().chainId()).isEqualTo(5);
    assertThat(again).isSameAs(ofTheClass).isSameAs(sameAsTheClass);
    assertThat(other.rpc().chainId()).isEqualTo(10);
    assertThat(ofTheClass.rpc().call("anvil_getAutomine").asBoolean()).isFalse();
    assertThat(other.rpc().call("anvil_getAutomine").asBoolean()).isTrue();
  }

  @Test
  void whatATestStoppedRunsAgainForTheNext(PostgresDatabase database, DevChain chain) {
    var environment = JvmEnvironment.get();
    database.server().kill();
    chain.stop();
    assertThat(environment.postgres()).isSameAs(database.server());
    assertThat(database.server().isRunning()).isTrue();
  }

  @Nested
  class InANestedClass {
    @Test
    void theDatabaseIsTheOuterOne(PostgresDatabase database) {
      assertThat(database.name()).isEqualTo(ofTheClass.name());
    }
  }

  private static String show(PostgresDatabase database, String setting) throws SQLException {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW " + setting)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
