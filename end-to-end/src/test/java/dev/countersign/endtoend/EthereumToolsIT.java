package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.IssueClientTokenRequest;
import dev.countersign.core.evm.AccessList;
import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.nonce.blob.CkzgProver;
import dev.countersign.testenv.FileTrees;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;
import org.web3j.crypto.StructuredDataEncoder;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.admin.methods.response.PersonalSign;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.methods.response.EthSign;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.ClientTransactionManager;
import org.web3j.tx.Transfer;
import org.web3j.utils.Convert;
import org.web3j.utils.Numeric;

/// Tools that are not ours, and know nothing but the address of JSON-RPC: ethers, viem, web3j,
/// `cast`.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class EthereumToolsIT {
  private static final String TO = "0xe2e0000000000000000000000000000000000202";
  private static final Path SOURCE = Path.of("ethereum-tools").toAbsolutePath();
  private static final List<String> SCRIPTS =
      List.of("ethers.js", "viem.js", "blobs.js", "deploy.js", "MyToken.sol");
  private static final String CAST = "node_modules/@foundry-rs/cast-linux-amd64/bin/cast";
  private static final String PERSONAL = "log in";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Deployment deployment;
  private final String token;
  private final Path tools;

  EthereumToolsIT(PostgresDatabase database, DevChain chain)
      throws IOException, SQLException, InterruptedException {
    deployment =
        Deployment.start(
            "ethereum-tools",
            database,
            chain,
            Policies.etherAndMessages() + Policies.contracts() + Policies.tokens());
    token = token();
    tools = installed();
  }

  @AfterAll
  void stop() {
    deployment.close();
  }

  private String token() throws IOException {
    try (var operator = deployment.connect(TestClient.OPERATOR)) {
      return operator
          .admin()
          .issueClientToken(
              IssueClientTokenRequest.newBuilder()
                  .setClient(TestClient.DESK.name())
                  .setExpireTime(
                      Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() + 3_600))
                  .build())
          .getSecret();
    }
  }

  @Test
  void ethersSendsAndSigns() throws Exception {
    sendsAndSigns("ethers.js", 1_003);
  }

  @Test
  void viemSendsAndSigns() throws Exception {
    JsonNode told = sendsAndSigns("viem.js", 1_004);

    assertThat(told.path("refusal").asText())
        .as("a delegation is judged as what it is")
        .contains("authorization");
  }

  private JsonNode sendsAndSigns(String script, long amount) throws Exception {
    BigInteger before = deployment.chain().rpc().balance(TO);

    JsonNode told = JSON.readTree(run("node", script, deployment.jsonRpcUrl(), token, TO));

    assertThat(told.path("status").asInt()).isEqualTo(1);
    assertThat(told.path("account").asText()).isEqualTo(deployment.wallet().getAddress());
    assertThat(told.path("personal").asText()).isEqualTo(deployment.wallet().getAddress());
    assertThat(told.path("typed").asText()).isEqualTo(deployment.wallet().getAddress());
    assertThat(told.path("denial").asText()).contains("default-deny");
    assertThat(told.path("types"))
        .extracting(JsonNode::asInt)
        .as("of the two with access lists")
        .containsExactly(1, 2);
    assertThat(told.path("slots")).extracting(JsonNode::asInt).containsExactly(1, 1);
    assertThat(deployment.chain().rpc().balance(TO).subtract(before)).isEqualTo(amount);
    return told;
  }

  /// As hardhat does: solc and OpenZeppelin's contracts from npm, and nothing of ours.
  @Test
  void aTokenOfOpenZeppelinsIsDeployedAndTransferred() throws Exception {
    JsonNode told = JSON.readTree(run("node", "deploy.js", deployment.jsonRpcUrl(), token, TO));

    assertThat(told.path("status").asInt()).isEqualTo(1);
    assertThat(told.path("mine").asText()).isEqualTo("999993");
    assertThat(told.path("theirs").asText()).isEqualTo("7");
    var code =
        deployment.chain().rpc().call("eth_getCode", told.path("contract").asText(), "latest");
    assertThat(code.asText()).hasSizeGreaterThan(1_000);
  }

  @ParameterizedTest
  @EnumSource
  void blobsAroundATransactionAreWrittenAsTheyWriteThem(BlobProofs proofs) throws Exception {
    byte[] text = new byte[BlobSidecar.BLOB_SIZE];
    Arrays.fill(text, (byte) 7);
    BlobSidecar sidecar =
        new CkzgProver().prove(List.of(Bytes.of(text), Bytes.of(new byte[text.length])), proofs);
    var transaction =
        new UnsignedTransaction(
            ChainId.ofEip155(1),
            new Nonce(3),
            new Fees(Wei.of(2), Wei.of(100), GasLimit.TRANSFER),
            new CallEncoder.Call(Optional.of(new Address(TO)), Wei.of(5), Bytes.EMPTY),
            new Envelope.Blobs(AccessList.NONE, Wei.of(9), sidecar.versionedHashes()));
    var signature = new RecoverableSignature(BigInteger.TWO, BigInteger.TWO, 0);
    Path file = tools.resolve("blobs-" + proofs.text() + ".hex");
    Files.writeString(file, sidecar.around(transaction.sign(signature)).hex());

    JsonNode told = JSON.readTree(run("node", "blobs.js", file.toString()));

    assertThat(told.path("wrapperVersion").asInt()).isEqualTo(proofs == BlobProofs.CELLS ? 1 : 0);
    assertThat(told.path("blobs").asInt()).isEqualTo(2);
    assertThat(told.path("ethers").asBoolean()).isTrue();
    assertThat(told.path("viem").asBoolean(proofs == BlobProofs.CELLS)).isTrue();
  }

  @Test
  void castSends() throws Exception {
    BigInteger before = deployment.chain().rpc().balance(TO);

    JsonNode receipt =
        JSON.readTree(
            run(
                CAST,
                "send",
                "--json",
                "--unlocked",
                "--from",
                deployment.wallet().getAddress(),
                "--value",
                "1003",
                "--rpc-url",
                deployment.jsonRpcUrl(),
                "--rpc-headers",
                "Authorization: Bearer " + token,
                TO));

    assertThat(receipt.path("status").asText()).isEqualTo("0x1");
    assertThat(deployment.chain().rpc().balance(TO).subtract(before)).isEqualTo(1_003);
  }

  @Test
  void castSigns() throws Exception {
    String wallet = deployment.wallet().getAddress();
    String personal = cast("personal_sign", hex(PERSONAL), wallet);
    String typed = cast("eth_signTypedData_v4", wallet, order());

    assertThat(signerOf(personalDigest(), personal)).isEqualTo(wallet);
    assertThat(signerOf(orderDigest(), typed)).isEqualTo(wallet);
  }

  private String cast(String... call) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(CAST, "rpc"));
    line.addAll(List.of("--rpc-url", deployment.jsonRpcUrl()));
    line.addAll(List.of("--rpc-headers", "Authorization: Bearer " + token));
    line.addAll(List.of(call));
    return JSON.readTree(run(line.toArray(String[]::new))).asText();
  }

  @Test
  void web3jSendsAndSigns() throws Exception {
    String wallet = deployment.wallet().getAddress();
    BigInteger before = deployment.chain().rpc().balance(TO);
    X509TrustManager trust = trust();
    SSLContext tls = SSLContext.getInstance("TLSv1.3");
    tls.init(null, new TrustManager[] {trust}, null);
    var service =
        new HttpService(
            deployment.jsonRpcUrl(),
            new OkHttpClient.Builder().sslSocketFactory(tls.getSocketFactory(), trust).build());
    service.addHeader("Authorization", "Bearer " + token);
    Web3j web3j = Web3j.build(service);
    try {
      var receipt =
          new Transfer(web3j, new ClientTransactionManager(web3j, wallet, 100, 100))
              .sendFunds(TO, BigDecimal.valueOf(1_004), Convert.Unit.WEI)
              .send();
      String personal =
          new Request<>(
                  "personal_sign", List.of(hex(PERSONAL), wallet), service, PersonalSign.class)
              .send()
              .getSignedMessage();
      String typed =
          new Request<>("eth_signTypedData_v4", List.of(wallet, order()), service, EthSign.class)
              .send()
              .getSignature();

      assertThat(receipt.isStatusOK()).isTrue();
      assertThat(deployment.chain().rpc().balance(TO).subtract(before)).isEqualTo(1_004);
      assertThat(signerOf(personalDigest(), personal)).isEqualTo(wallet);
      assertThat(signerOf(orderDigest(), typed)).isEqualTo(wallet);
      assertThat(web3j.ethSign(wallet, hex(PERSONAL)).send().getError().getMessage())
          .as("some nodes sign a bare digest with it")
          .contains("use personal_sign");
    } finally {
      web3j.shutdown();
    }
  }

  private X509TrustManager trust() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var pem = Files.newInputStream(deployment.certificates().authority())) {
      store.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  private static String hex(String text) {
    return Numeric.toHexString(text.getBytes(StandardCharsets.UTF_8));
  }

  private String order() {
    return """
    {"types": {
       "EIP712Domain": [{"name": "name", "type": "string"}, {"name": "chainId", "type": "uint256"}],
       "Order": [{"name": "maker", "type": "address"}, {"name": "amount", "type": "uint256"}]},
     "primaryType": "Order",
     "domain": {"name": "Shop", "chainId": %d},
     "message": {"maker": "%s", "amount": "7"}}
    """
        .formatted(deployment.chain().chainId(), TO);
  }

  private static byte[] personalDigest() {
    return Sign.getEthereumMessageHash(PERSONAL.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] orderDigest() throws IOException {
    return new StructuredDataEncoder(order()).hashStructuredData();
  }

  private static String signerOf(byte[] digest, String signature) throws SignatureException {
    byte[] all = Numeric.hexStringToByteArray(signature);
    assertThat(all).as(signature).hasSize(65);
    var data =
        new Sign.SignatureData(all[64], Arrays.copyOf(all, 32), Arrays.copyOfRange(all, 32, 64));
    return Keys.toChecksumAddress(
        "0x" + Keys.getAddress(Sign.signedMessageHashToKey(digest, data)));
  }

  /// The folder with what its lock file names installed: once for each lock file.
  private static Path installed() throws IOException, InterruptedException {
    var folder = Path.of("target", "ethereum-tools").toAbsolutePath();
    var lock = "package-lock.json";
    boolean current =
        Files.isDirectory(folder.resolve("node_modules"))
            && Files.exists(folder.resolve(lock))
            && Files.mismatch(folder.resolve(lock), SOURCE.resolve(lock)) == -1;
    if (!current) {
      FileTrees.delete(folder);
      Files.createDirectories(folder);
      for (String file : List.of("package.json", ".npmrc", lock)) {
        Files.copy(SOURCE.resolve(file), folder.resolve(file));
      }
      var line = List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
      // Not the streams of this process: it talks to Maven over them.
      var log = folder.resolve("npm.log");
      var process =
          new ProcessBuilder(line)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      assertThat(process.waitFor()).as("exit code of %s: %s", line, Files.readString(log)).isZero();
    }
    for (String script : SCRIPTS) {
      Files.write(folder.resolve(script), Files.readAllBytes(SOURCE.resolve(script)));
    }
    return folder;
  }

  private String run(String... line) throws IOException, InterruptedException {
    var errors = Files.createTempFile(tools, "errors", ".txt");
    var builder = new ProcessBuilder(line).directory(tools.toFile()).redirectError(errors.toFile());
    String authority = deployment.certificates().authority().toString();
    builder.environment().put("NODE_EXTRA_CA_CERTS", authority);
    builder.environment().put("SSL_CERT_FILE", authority);
    var process = builder.start();
    try (var output = process.getInputStream()) {
      var text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue())
          .as("exit code of %s: %s%s", List.of(line), text, Files.readString(errors))
          .isZero();
      return text;
    } finally {
      process.destroyForcibly();
      Files.delete(errors);
    }
  }
}
