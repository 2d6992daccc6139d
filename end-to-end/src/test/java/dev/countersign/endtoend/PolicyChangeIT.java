package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.GetActivePolicyRequest;
import dev.countersign.api.v1.GetActivePolicyResponse;
import dev.countersign.api.v1.ListPolicyVersionsRequest;
import dev.countersign.api.v1.ProposePolicyRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.cli.Countersign;
import dev.countersign.cli.ExitCode;
import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// A policy follows another, by the commands of those who may, against the shipped process. The
/// tests are one story: each goes on where the one before ended.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PolicyChangeIT {
  private static final Pattern PROPOSAL = Pattern.compile("proposed ([0-9a-f-]{36});");
  private static final BigInteger AMOUNT = BigInteger.valueOf(1_000);

  private final TestApprover alice = TestApprover.named("alice");
  private final TestApprover bob = TestApprover.named("bob");
  private final TestApprover carol = TestApprover.named("carol");
  private final Deployment deployment;
  private final Path files;
  private Client desk;
  private Client policyDesk;
  private String out = "";
  private String err = "";
  private int asked;

  PolicyChangeIT(PostgresDatabase database, DevChain chain)
      throws IOException, SQLException, GeneralSecurityException {
    deployment = Deployment.start("policy-change", database, chain, Policies.ether());
    files = deployment.directory().resolve("people");
    OwnerOnly.directory(files);
    for (TestApprover person : List.of(alice, bob, carol, deployment.founder().person())) {
      String key = Base64.getEncoder().encodeToString(person.keys().getPrivate().getEncoded());
      OwnerOnly.replace(
          key(person),
          "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
              .formatted(key)
              .getBytes(StandardCharsets.US_ASCII));
    }
  }

  @BeforeAll
  void connect() throws IOException {
    desk = deployment.connect(TestClient.DESK);
    policyDesk = deployment.connect(TestClient.POLICY_DESK);
  }

  @AfterAll
  void stop() {
    desk.close();
    policyDesk.close();
    deployment.close();
  }

  private Path key(TestApprover person) {
    return files.resolve(person.name() + ".key");
  }

  /// Two of alice, bob and carol, who is the client policy-desk.
  private String governed(String description, String maximum) {
    String people =
        """
        format: countersign/policy/v1
        description: %s
        approvers:
          alice: {keys: ["%s"]}
          bob: {keys: ["%s"]}
          carol: {keys: ["%s"], client: policy-desk}
        groups: {treasury: [alice, bob, carol]}
        changes: {approvals: {group: treasury, count: 2}}
        """
            .formatted(description, alice.publicKey(), bob.publicKey(), carol.publicKey());
    return Policies.ether()
        .replace("format: countersign/policy/v1\n", people)
        .replace("maximum: 1 ether\n", "maximum: " + maximum + "\n");
  }

  private int run(TestClient as, String... arguments) throws IOException {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(deployment.options(as));
    var said = new StringWriter();
    var complained = new StringWriter();
    int code =
        Countersign.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(complained))
            .execute(all.toArray(String[]::new));
    out = said.toString();
    err = complained.toString();
    return code;
  }

  private String propose(String document) throws IOException {
    Path file = files.resolve("proposed.yaml");
    Files.writeString(file, document);
    assertThat(run(TestClient.POLICY_DESK, "policy", "propose", file.toString(), "--note=a test"))
        .as("%s", err)
        .isEqualTo(ExitCode.OK);
    Matcher proposal = PROPOSAL.matcher(out);
    assertThat(proposal.find()).as(out).isTrue();
    return proposal.group(1);
  }

  private int decide(String decision, String proposal, TestApprover by) throws IOException {
    return run(
        TestClient.APPROVER,
        "policy",
        decision,
        proposal,
        "--approver=" + by.name(),
        "--sign-key=" + key(by),
        "--yes");
  }

  private GetActivePolicyResponse active() {
    return policyDesk.policies().getActivePolicy(GetActivePolicyRequest.getDefaultInstance());
  }

  private SigningRequest pay() {
    asked++;
    return desk.submit(
        deployment.asking().send("pay-" + asked, "0x901c%036x".formatted(asked), AMOUNT));
  }

  @Test
  @Order(1)
  void theFirstPolicyIsTheFounders() throws Exception {
    assertThat(active().getVersion()).isEqualTo(1);
    assertThat(pay().getDecision().getPolicyVersion()).isEqualTo(1);
    String proposal = propose(governed("governed", "1 ether"));
    assertThat(out).contains("it waits for 1 of founders (founder)");
    assertThat(decide("approve", proposal, alice)).isEqualTo(ExitCode.NO);
    assertThat(err).contains("the policy has no approver alice");
    assertThat(decide("approve", proposal, deployment.founder().person()))
        .as("%s", err)
        .isEqualTo(ExitCode.OK);
    assertThat(out)
        .contains("description: nothing -> governed", "approved; it is active: version 2");
    assertThat(active().getVersion()).isEqualTo(2);
    assertThat(pay().getDecision().getPolicyVersion()).isEqualTo(2);
  }

  @Test
  @Order(2)
  void theNextIsByTheQuorumOfTheActiveOne() throws Exception {
    String before = active().getEtag();
    String proposal = propose(governed("tight", "1 wei"));
    assertThat(run(TestClient.APPROVER, "policy", "show", proposal)).isEqualTo(ExitCode.OK);
    assertThat(out)
        .contains(
            "description: governed -> tight", "proposed by  policy-desk", "note         a test");
    // Neither the founder any more, nor who proposes.
    assertThat(decide("approve", proposal, deployment.founder().person())).isEqualTo(ExitCode.NO);
    assertThat(decide("approve", proposal, carol)).isEqualTo(ExitCode.NO);
    assertThat(err).contains("carol is policy-desk, who asked for it");
    assertThat(decide("approve", proposal, alice)).as("%s", err).isEqualTo(ExitCode.OK);
    assertThat(out).contains("it still waits for 1 more of treasury (bob)");
    assertThat(pay().getState()).isEqualTo(State.STATE_SIGNED);
    assertThat(run(TestClient.APPROVER, "policy", "proposals")).isEqualTo(ExitCode.OK);
    assertThat(out).contains(proposal, "PROPOSED", "waits for 1 more of treasury (bob)");
    assertThat(decide("approve", proposal, bob)).as("%s", err).isEqualTo(ExitCode.OK);
    SigningRequest denied = pay();
    assertThat(denied.getState()).isEqualTo(State.STATE_DENIED);
    assertThat(denied.getDecision().getPolicyVersion()).isEqualTo(3);

    var stale =
        ProposePolicyRequest.newBuilder()
            .setDocument(ByteString.copyFromUtf8(governed("late", "1 ether")))
            .setEtag(before)
            .build();
    assertThatThrownBy(() -> policyDesk.policies().proposePolicy(stale))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            thrown -> {
              Refused refused = Refused.of(thrown);
              assertThat(refused.status()).isEqualTo(Status.Code.ABORTED);
              assertThat(refused.reason()).isEqualTo("STALE_ETAG");
              assertThat(refused.message()).contains("policy 3 is active");
            });
  }

  @Test
  @Order(3)
  void whatIsRejectedOrWithdrawnIsNever() throws Exception {
    String rejected = propose(governed("lax", "2 ether"));
    assertThat(decide("approve", rejected, alice)).isEqualTo(ExitCode.OK);
    assertThat(decide("reject", rejected, bob)).isEqualTo(ExitCode.OK);
    assertThat(decide("approve", rejected, bob)).isEqualTo(ExitCode.NO);
    assertThat(err).contains("is REJECTED: rejected by bob");
    String withdrawn = propose(governed("lax", "3 ether"));
    assertThat(run(TestClient.POLICY_DESK, "policy", "withdraw", withdrawn)).isEqualTo(ExitCode.OK);
    assertThat(decide("approve", withdrawn, alice)).isEqualTo(ExitCode.NO);
    assertThat(active().getVersion()).isEqualTo(3);
    assertThat(run(TestClient.APPROVER, "policy", "proposals", "--all")).isEqualTo(ExitCode.OK);
    assertThat(out).contains("REJECTED", "WITHDRAWN", "ACTIVATED");
  }

  @Test
  @Order(4)
  void onlyThoseMayWhoAreToldSo() {
    var question =
        ProposePolicyRequest.newBuilder()
            .setDocument(ByteString.copyFromUtf8(governed("lax", "4 ether")))
            .setEtag(active().getEtag())
            .build();
    assertThatThrownBy(() -> desk.policies().proposePolicy(question))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            thrown ->
                assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
  }

  @Test
  @Order(5)
  void aStartChangesNothing() throws Exception {
    deployment.replacePolicyFile(Policies.ether());
    deployment.restart();
    assertThat(active().getVersion()).isEqualTo(3);
    assertThat(pay().getState()).isEqualTo(State.STATE_DENIED);
  }

  @Test
  @Order(6)
  void everyVersionIsKeptWithWhatWasSignedForIt() {
    var versions =
        policyDesk
            .policies()
            .listPolicyVersions(ListPolicyVersionsRequest.getDefaultInstance())
            .getVersionsList();
    assertThat(versions).extracting(version -> version.getVersion()).containsExactly(3L, 2L, 1L);
    assertThat(versions.getFirst().getGivenList())
        .extracting(given -> given.getApprover())
        .containsExactlyInAnyOrder("alice", "bob");
    assertThat(versions.getFirst().getStatement())
        .startsWith("countersign/policy-change/v1\ndeployment end-to-end\n");
  }

  /// With the document that was active before, which a superuser makes the active one.
  @Test
  @Order(7)
  void theOwnerOfTheDatabaseHasNothingSigned() throws Exception {
    try (var connection = deployment.database().dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("SET session_replication_role = replica");
      statement.execute(
          "INSERT INTO policy.document SELECT 4, hash, content, now() FROM policy.document"
              + " WHERE version = 1");
      statement.execute("UPDATE policy.active SET version = 4");
    }
    SigningRequest denied = pay();
    assertThat(denied.getState()).isEqualTo(State.STATE_DENIED);
    assertThat(denied.getDecision().getReason()).contains("policy version 4");
  }
}
