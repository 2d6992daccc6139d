package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.EntryFilter;
import dev.countersign.api.v1.GetCheckpointRequest;
import dev.countersign.api.v1.GetSigningRequestRequest;
import dev.countersign.api.v1.IndexedEntry;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SearchEntriesRequest;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.StreamEntriesRequest;
import dev.countersign.api.v1.Vault;
import dev.countersign.api.v1.WaitSigningRequestRequest;
import dev.countersign.api.v1.Wallet;
import dev.countersign.api.v1.WatchSigningRequestRequest;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.entry.LogEntry;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.server.config.RunningServer;
import dev.countersign.server.harness.Calls;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The way of a transfer over gRPC, with everything real.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class TransferIT {
  private static final String PAYEE = "0x52908400098527886E0F7030069857D2E4169EE7";
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);

  private final ServerHome home;
  private RunningServer server;
  private Calls desk;
  private Wallet wallet;

  TransferIT(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    home = new ServerHome(directory, database, token, chain);
  }

  @BeforeAll
  void start() throws InterruptedException {
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
      wallet =
          custody
              .wallets()
              .createWallet(
                  CreateWalletRequest.newBuilder()
                      .setId("transfer-it")
                      .setVault("main")
                      .setName("Hot")
                      .build())
              .getWallet();
    }
    home.chain().rpc().setBalance(wallet.getAddress(), ETHER.multiply(BigInteger.TEN));
  }

  @AfterAll
  void stop() {
    desk.close();
    server.close();
  }

  @Test
  void anAllowedTransferIsConfirmedAndSeenInEveryState() {
    BigInteger before = home.chain().rpc().balance(PAYEE);

    SigningRequest signed = sign("allowed", "1000");
    SigningRequest confirmed =
        desk.signing()
            .waitSigningRequest(
                WaitSigningRequestRequest.newBuilder()
                    .setId(signed.getId())
                    .setUntil(State.STATE_CONFIRMED)
                    .build())
            .getRequest();

    assertThat(signed.getState()).isEqualTo(State.STATE_SIGNED);
    assertThat(signed.getDecision().getRule()).isEqualTo("pay");
    assertThat(confirmed.getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(confirmed.getInclusion().getSucceeded()).isTrue();
    assertThat(confirmed.getTransactionHash()).isEqualTo(signed.getTransactionHash());
    assertThat(confirmed.getRawTransaction().isEmpty()).isFalse();
    assertThat(home.chain().rpc().balance(PAYEE).subtract(before))
        .isEqualTo(BigInteger.valueOf(1000));
    List<State> seen = new ArrayList<>();
    desk.signing()
        .watchSigningRequest(
            WatchSigningRequestRequest.newBuilder().setRequestId("allowed").build())
        .forEachRemaining(change -> seen.add(change.getState()));
    assertThat(seen)
        .startsWith(State.STATE_RECEIVED, State.STATE_ADMITTED, State.STATE_SIGNED)
        .endsWith(State.STATE_CONFIRMED)
        .doesNotHaveDuplicates();
  }

  @Test
  void aDeniedTransferIsAnAnswerThatExplainsItself() {
    SigningRequest denied = sign("denied", ETHER.add(BigInteger.ONE).toString());

    assertThat(denied.getState()).isEqualTo(State.STATE_DENIED);
    assertThat(denied.getDecision().getRule()).isEqualTo("default-deny");
    assertThat(denied.getDecision().getReason()).isNotEmpty();
    assertThat(denied.getDecision().getOutcomesList()).hasSize(1);
    assertThat(denied.getDecision().getOutcomes(0).getMatched()).isFalse();
    assertThat(denied.getDecision().getOutcomes(0).getUnmet().getCriterion()).isEqualTo("maximum");
  }

  @Test
  void theSameIdTwiceInOneBatchIsOneDecision() throws Exception {
    // What holds the lane holds up this one, and all that come meanwhile make the next batch.
    sign("opens-the-lane", "1");
    String denied = ETHER.add(BigInteger.ONE).toString();
    List<Future<SigningRequest>> running = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        Handle handle = Jdbi.create(home.database().dataSource()).open()) {
      handle.begin();
      handle.execute("LOCK TABLE nonce.lane IN EXCLUSIVE MODE");
      running.add(threads.submit(() -> sign("held-up", "1")));
      Thread.sleep(1_000);
      for (String amount : new String[] {"1", denied}) {
        running.add(threads.submit(() -> sign("twice-" + amount, amount)));
        running.add(threads.submit(() -> sign("twice-" + amount, amount)));
      }
      Thread.sleep(1_000);
      handle.rollback();
      SigningRequest allowed = running.get(1).get();
      SigningRequest repeated = running.get(2).get();
      assertThat(repeated.getId()).isEqualTo(allowed.getId());
      assertThat(repeated.getNonce()).isEqualTo(allowed.getNonce());
      assertThat(List.of(allowed.getState(), repeated.getState()))
          .contains(State.STATE_SIGNED)
          .doesNotContain(State.STATE_RECEIVED);
      for (Future<SigningRequest> answer : running.subList(3, 5)) {
        assertThat(answer.get().getState()).isEqualTo(State.STATE_DENIED);
        assertThat(answer.get().getDecision().getReason()).isNotEmpty();
      }
    }
  }

  @Test
  void aSignatureComesWithTheLogsProofsAndItsClientCanHaveThemAgain() {
    try (Calls audit = calls("auditor")) {
      var signed =
          desk.signing()
              .signTransaction(transfer("proven", "7").toBuilder().setWithProof(true).build());
      assertThat(signed.getRequest().getState()).isEqualTo(State.STATE_SIGNED);
      VerifierKey key =
          VerifierKey.parse(
              audit
                  .audit()
                  .getCheckpoint(GetCheckpointRequest.getDefaultInstance())
                  .getVerifierKey());

      assertThat(types(signed.getAuditProofsList(), key))
          .startsWith("request-admitted", "transaction-signed");
      var read =
          desk.signing()
              .getSigningRequest(
                  GetSigningRequestRequest.newBuilder()
                      .setRequestId("proven")
                      .setWithProof(true)
                      .build());
      assertThat(types(read.getAuditProofsList(), key))
          .startsWith("request-admitted", "transaction-signed");
    }
  }

  private static List<String> types(List<String> proofs, VerifierKey key) {
    return proofs.stream()
        .map(LogProof::parse)
        .peek(proof -> assertThat(proof.check(key)).isInstanceOf(LogProof.Verdict.Proven.class))
        .map(proof -> EntryDecoder.decode(proof.entry().toArray()).type())
        .toList();
  }

  @Test
  void aStrictAnswerComesWhenItsEntryIsUnderACheckpoint() {
    try (Calls audit = calls("auditor")) {
      for (int i = 0; i < 5; i++) {
        String id = sign("strict-" + i, "3").getId();
        long size =
            audit.audit().getCheckpoint(GetCheckpointRequest.getDefaultInstance()).getSize();
        var signed =
            audit
                .audit()
                .searchEntries(
                    SearchEntriesRequest.newBuilder()
                        .setFilter(
                            EntryFilter.newBuilder().setRequest(id).setType("transaction-signed"))
                        .build())
                .getEntries(0);
        assertThat(signed.getIndex()).as("within the checkpoint of then").isLessThan(size);
      }
    }
  }

  @Test
  void anAuditorFindsEntriesAndFollowsNewOnes() {
    String found = sign("searched", "9").getId();
    try (Calls audit = calls("auditor")) {
      var page =
          audit
              .audit()
              .searchEntries(
                  SearchEntriesRequest.newBuilder()
                      .setFilter(
                          EntryFilter.newBuilder()
                              .setRequest(found)
                              .setWallet(wallet.getId())
                              .setAddress(PAYEE)
                              .setType("transaction-signed"))
                      .build());
      assertThat(page.getEntriesList()).hasSize(1);
      assertThat(page.getNextPageToken()).isEmpty();
      IndexedEntry signed = page.getEntries(0);
      assertThat(TreeHash.leaf(signed.getEntry().toByteArray()).bytes().toArray())
          .isEqualTo(signed.getLeafHash().toByteArray());

      var stream =
          audit
              .audit()
              .streamEntries(
                  StreamEntriesRequest.newBuilder()
                      .setFromIndex(signed.getIndex())
                      .setFilter(EntryFilter.newBuilder().setType("transaction-signed"))
                      .setFollow(true)
                      .build());
      assertThat(stream.next().getEntry()).isEqualTo(signed);
      String later = sign("followed", "11").getId();
      List<String> followed = new ArrayList<>();
      long next = signed.getIndex() + 1;
      while (!followed.contains(later)) {
        var step = stream.next();
        assertThat(step.getNextIndex()).as("the stream moves on").isGreaterThan(next);
        next = step.getNextIndex();
        if (step.hasEntry()) {
          LogEntry entry = EntryDecoder.decode(step.getEntry().getEntry().toByteArray());
          assertThat(entry.type()).isEqualTo("transaction-signed");
          followed.add(entry.request().orElseThrow());
        }
      }
    }
  }

  @Test
  void aFilterThatCannotBeMeantIsRefused() {
    try (Calls audit = calls("auditor")) {
      for (var filter :
          List.of(
              EntryFilter.newBuilder().setType("request-signed"),
              EntryFilter.newBuilder().setAddress("0x12"),
              EntryFilter.newBuilder().setRequest("42"),
              EntryFilter.newBuilder().setSince(Timestamp.newBuilder().setSeconds(1L << 60)))) {
        assertThatThrownBy(
                () ->
                    audit
                        .audit()
                        .searchEntries(SearchEntriesRequest.newBuilder().setFilter(filter).build()))
            .hasMessageContaining("INVALID_ARGUMENT");
      }
    }
  }

  private SigningRequest sign(String requestId, String amount) {
    return desk.signing().signTransaction(transfer(requestId, amount)).getRequest();
  }

  private SignTransactionRequest transfer(String requestId, String amount) {
    return SignTransactionRequest.newBuilder()
        .setRequestId(requestId)
        .setWallet(wallet.getId())
        .setChain("eip155:" + home.chain().chainId())
        .setNativeTransfer(NativeTransfer.newBuilder().setTo(PAYEE).setAmount(amount))
        .build();
  }

  private Calls calls(String client) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity(client));
  }
}
