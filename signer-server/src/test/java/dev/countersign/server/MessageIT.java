package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ApproveRequest;
import dev.countersign.api.v1.CancelSigningRequestRequest;
import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.FreezeRequest;
import dev.countersign.api.v1.GetApprovalRequest;
import dev.countersign.api.v1.GetCheckpointRequest;
import dev.countersign.api.v1.ListSigningRequestsRequest;
import dev.countersign.api.v1.PendingApproval;
import dev.countersign.api.v1.SignMessageRequest;
import dev.countersign.api.v1.SignTypedDataRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.Vault;
import dev.countersign.api.v1.WaitSigningRequestRequest;
import dev.countersign.api.v1.Wallet;
import dev.countersign.api.v1.WatchSigningRequestRequest;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApprovalStatement;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Keccak;
import dev.countersign.server.config.RunningServer;
import dev.countersign.server.harness.Calls;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SignatureException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;
import org.web3j.crypto.StructuredDataEncoder;

/// The way of messages over gRPC, with everything real; signatures are held against web3j.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class MessageIT {
  private static final String TYPED =
      """
      {"types": {
         "EIP712Domain": [{"name": "name", "type": "string"}%s],
         "Order": [{"name": "maker", "type": "address"}, {"name": "amount", "type": "uint256"}]},
       "primaryType": "Order",
       "domain": {"name": "%s"%s},
       "message": {"maker": "0x52908400098527886E0F7030069857D2E4169EE7", "amount": "7"}}
      """;

  private final ServerHome home;
  private RunningServer server;
  private Calls desk;
  private Wallet wallet;

  MessageIT(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    home = new ServerHome(directory, database, token, chain);
  }

  @BeforeAll
  void start() throws InterruptedException {
    home.file(
        "policy.yaml",
        """
        format: countersign/policy/v1
        description: messages
        approvers:
          founder: {keys: ["%s"]}
        groups:
          board: [founder]
        rules:
          - name: logins
            effect: ALLOW
            description: the desk logs in
            initiators: [desk]
            wallets: [messages]
            chains: any
            operations: [personal-message]
            assets: any
            destinations: any
            maximumGasCost: any
          - name: orders
            effect: ALLOW
            description: the desk signs orders
            initiators: [desk]
            wallets: [messages]
            chains: any
            operations: [typed-message]
            assets: any
            destinations: any
            maximumGasCost: any
            domain: {name: [Shop, Board, Withdrawn]}
            primaryType: Order
          - name: board-orders
            effect: REQUIRE
            operations: [typed-message]
            domain: {name: [Board, Withdrawn]}
            approvals: {group: board, count: 1}
            lifetime: PT1H
        """
            .formatted(home.founder().key().text()));
    server = home.start();
    desk = calls("desk");
    try (Calls custody = calls("custody")) {
      custody
          .wallets()
          .createVault(
              CreateVaultRequest.newBuilder()
                  .setVault(
                      Vault.newBuilder().setId("main").setTier(Vault.Tier.TIER_HOT).setName("Main"))
                  .build());
      wallet = create(custody, "messages");
      create(custody, "frozen");
    }
  }

  private static Wallet create(Calls custody, String id) {
    return custody
        .wallets()
        .createWallet(
            CreateWalletRequest.newBuilder().setId(id).setVault("main").setName("Hot").build())
        .getWallet();
  }

  @AfterAll
  void stop() {
    desk.close();
    server.close();
  }

  private Calls calls(String client) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity(client));
  }

  private SigningRequest sign(String id, byte[] message) {
    return desk.signing().signMessage(personal(id, message).build()).getRequest();
  }

  private SignMessageRequest.Builder personal(String id, byte[] message) {
    return SignMessageRequest.newBuilder()
        .setRequestId(id)
        .setWallet("messages")
        .setChain(chain())
        .setMessage(ByteString.copyFrom(message));
  }

  private SignTypedDataRequest.Builder typed(String id, String json) {
    return SignTypedDataRequest.newBuilder()
        .setRequestId(id)
        .setWallet("messages")
        .setChain(chain())
        .setTypedData(json);
  }

  private String order(String name) {
    return TYPED.formatted(
        ", {\"name\": \"chainId\", \"type\": \"uint256\"}",
        name,
        ", \"chainId\": " + home.chain().chainId());
  }

  private String chain() {
    return "eip155:" + home.chain().chainId();
  }

  private String signerOf(byte[] digest, SigningRequest request) throws SignatureException {
    byte[] all = request.getSignature().toByteArray();
    assertThat(all).hasSize(65);
    assertThat(all[64]).isBetween((byte) 27, (byte) 28);
    var data =
        new Sign.SignatureData(all[64], Arrays.copyOf(all, 32), Arrays.copyOfRange(all, 32, 64));
    return Keys.toChecksumAddress(
        "0x" + Keys.getAddress(Sign.signedMessageHashToKey(digest, data)));
  }

  @Test
  void aPersonalMessageIsSignedOnceAndIsOverThen() throws SignatureException {
    byte[] message = "log in to the shop".getBytes(StandardCharsets.UTF_8);

    SigningRequest signed = sign("login", message);
    SigningRequest again = sign("login", message);

    assertThat(signed.getState()).isEqualTo(State.STATE_SIGNED);
    assertThat(signed.getDecision().getRule()).isEqualTo("logins");
    assertThat(signed.hasNonce()).isFalse();
    assertThat(signed.getPersonalMessage().getMessage().toByteArray()).isEqualTo(message);
    assertThat(signerOf(Sign.getEthereumMessageHash(message), signed))
        .isEqualTo(wallet.getAddress());
    assertThat(again.getId()).isEqualTo(signed.getId());
    assertThat(again.getSignature()).isEqualTo(signed.getSignature());
    var waited =
        desk.signing()
            .waitSigningRequest(
                WaitSigningRequestRequest.newBuilder().setId(signed.getId()).build());
    assertThat(waited.getTimedOut()).isFalse();
    assertThat(waited.getRequest()).isEqualTo(again);
    List<State> seen = new ArrayList<>();
    desk.signing()
        .watchSigningRequest(WatchSigningRequestRequest.newBuilder().setRequestId("login").build())
        .forEachRemaining(change -> seen.add(change.getState()));
    assertThat(seen)
        .containsExactly(State.STATE_RECEIVED, State.STATE_ADMITTED, State.STATE_SIGNED);
    assertThat(
            desk.signing()
                .listSigningRequests(ListSigningRequestsRequest.getDefaultInstance())
                .getRequestsList())
        .contains(again);
    assertThatThrownBy(() -> sign("login", "another".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("belongs to request");
  }

  @Test
  void aMessageTakesNoNonceAndMakesNoTransaction() {
    sign("no-nonce", new byte[] {1});

    long transactions =
        Jdbi.create(home.database().dataSource())
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT count(*) FROM nonce.transaction")
                        .mapTo(long.class)
                        .one());
    assertThat(transactions).isZero();
  }

  @Test
  void typedDataIsSignedAndItsProofVerifies() throws Exception {
    var answer =
        desk.signing().signTypedData(typed("order", order("Shop")).setWithProof(true).build());

    SigningRequest signed = answer.getRequest();
    assertThat(signed.getState()).isEqualTo(State.STATE_SIGNED);
    assertThat(signed.getTypedData().getJson()).isEqualTo(order("Shop"));
    assertThat(signerOf(new StructuredDataEncoder(order("Shop")).hashStructuredData(), signed))
        .isEqualTo(wallet.getAddress());
    try (Calls audit = calls("auditor")) {
      VerifierKey key =
          VerifierKey.parse(
              audit
                  .audit()
                  .getCheckpoint(GetCheckpointRequest.getDefaultInstance())
                  .getVerifierKey());
      List<LogProof> proofs = answer.getAuditProofsList().stream().map(LogProof::parse).toList();
      assertThat(proofs).allMatch(proof -> proof.check(key) instanceof LogProof.Verdict.Proven);
      assertThat(proofs)
          .extracting(proof -> EntryDecoder.decode(proof.entry().toArray()).type())
          .containsExactly("message-admitted", "message-signed");
    }
  }

  @Test
  void whatIsOfAnotherChainOrCannotBeReadIsRefused() {
    String elsewhere =
        TYPED.formatted(
            ", {\"name\": \"chainId\", \"type\": \"uint256\"}", "Shop", ", \"chainId\": 1");
    assertThatThrownBy(() -> desk.signing().signTypedData(typed("elsewhere", elsewhere).build()))
        .hasMessageContaining("the message is for chain eip155:1");
    assertThatThrownBy(() -> desk.signing().signTypedData(typed("no-json", "{").build()))
        .hasMessageContaining("cannot be signed");
    assertThat(
            desk.signing()
                .signTypedData(typed("anywhere", TYPED.formatted("", "Shop", "")).build())
                .getRequest()
                .getState())
        .isEqualTo(State.STATE_SIGNED);
  }

  @Test
  void whatNoRuleAllowsIsDeniedAnd32BytesMayBeADigest() {
    SigningRequest stranger =
        desk.signing().signTypedData(typed("stranger", order("Other")).build()).getRequest();
    SigningRequest digest = sign("digest", Keccak.hash(new byte[] {1}).bytes().toArray());

    assertThat(stranger.getState()).isEqualTo(State.STATE_DENIED);
    assertThat(stranger.getSignature().isEmpty()).isTrue();
    assertThat(digest.getState()).isEqualTo(State.STATE_DENIED);
    assertThat(digest.getDecision().getRule()).isEqualTo("default-deny");
  }

  @Test
  void aDryRunStoresNothing() {
    var forecast =
        desk.signing()
            .signMessage(personal("dry", new byte[] {65}).setValidateOnly(true).build())
            .getForecast();

    assertThat(forecast.getAllowed()).isTrue();
    assertThat(forecast.getNonce()).isZero();
    assertThat(forecast.getPayload().toStringUtf8()).endsWith("Ethereum Signed Message:\n1A");
    assertThat(forecast.getActions(0).getOperation()).isEqualTo("personal-message");
    assertThatThrownBy(
            () ->
                desk.signing()
                    .waitSigningRequest(
                        WaitSigningRequestRequest.newBuilder().setRequestId("dry").build()))
        .hasMessageContaining("NOT_FOUND");
  }

  @Test
  void anApproverSignsForTheVeryMessageAndItGoesOn() throws Exception {
    SigningRequest held =
        desk.signing().signTypedData(typed("board", order("Board")).build()).getRequest();
    assertThat(held.getState()).isEqualTo(State.STATE_PENDING_APPROVAL);
    try (Calls approver = calls("approver")) {
      PendingApproval pending =
          approver
              .approvals()
              .getApproval(GetApprovalRequest.newBuilder().setRequest(held.getId()).build())
              .getApproval();
      assertThat(pending.getTypedData()).isEqualTo(order("Board"));
      assertThat(pending.getStatement()).startsWith("countersign/message-approval/v1\n");
      ApprovalStatement statement =
          ApprovalStatement.parse(
              Bytes.of(pending.getStatement().getBytes(StandardCharsets.US_ASCII)));
      Approval approval = home.founder().approves(statement);
      approver
          .approvals()
          .approve(
              ApproveRequest.newBuilder()
                  .setRequest(held.getId())
                  .setApprover(approval.approver().value())
                  .setKey(approval.key().text())
                  .setSignature(ByteString.copyFrom(approval.signature().toArray()))
                  .build());
    }

    SigningRequest signed =
        desk.signing()
            .waitSigningRequest(WaitSigningRequestRequest.newBuilder().setId(held.getId()).build())
            .getRequest();

    assertThat(signed.getState()).isEqualTo(State.STATE_SIGNED);
    assertThat(signerOf(new StructuredDataEncoder(order("Board")).hashStructuredData(), signed))
        .isEqualTo(wallet.getAddress());
  }

  @Test
  void whatWaitsCanBeWithdrawn() {
    SigningRequest held =
        desk.signing().signTypedData(typed("withdrawn", order("Withdrawn")).build()).getRequest();

    SigningRequest gone =
        desk.signing()
            .cancelSigningRequest(
                CancelSigningRequestRequest.newBuilder().setId(held.getId()).build())
            .getRequest();

    assertThat(held.getState()).isEqualTo(State.STATE_PENDING_APPROVAL);
    assertThat(gone.getState()).isEqualTo(State.STATE_CANCELLED);
    assertThat(
            desk.signing()
                .cancelSigningRequest(
                    CancelSigningRequestRequest.newBuilder()
                        .setId(sign("stays", new byte[] {2}).getId())
                        .build())
                .getRequest()
                .getState())
        .isEqualTo(State.STATE_SIGNED);
  }

  @Test
  void aFrozenWalletSignsNoMessage() {
    try (Calls ops = calls("ops")) {
      ops.admin()
          .freeze(FreezeRequest.newBuilder().setScope("wallet:frozen").setReason("a test").build());
    }

    SigningRequest denied =
        desk.signing()
            .signMessage(personal("frozen", new byte[] {3}).setWallet("frozen").build())
            .getRequest();

    assertThat(denied.getState()).isEqualTo(State.STATE_DENIED);
    assertThat(denied.getDecision().getRule()).isEqualTo("frozen");
  }
}
