package dev.countersign.cli.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.api.v1.GivenApproval;
import dev.countersign.cli.Countersign;
import dev.countersign.cli.ExitCode;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.model.Bytes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApproveCommandTest {
  @TempDir private static Path home;
  private static FakeApprovals server;

  @TempDir private Path directory;
  private String publicKey = "";
  private String out = "";
  private String err = "";

  @BeforeAll
  static void start() throws IOException {
    server = new FakeApprovals(home, SampleApproval.honest().build());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void haveAKey() {
    server.forget();
    server.say(SampleApproval.honest().build());
    assertThat(run("approver", "new-key", "--out=" + key())).as("%s", err).isEqualTo(ExitCode.OK);
    publicKey = out.strip();
  }

  private Path key() {
    return directory.resolve("alice.key");
  }

  private int run(String... arguments) {
    var outBuffer = new StringWriter();
    var errBuffer = new StringWriter();
    int code =
        Countersign.commandLine()
            .setOut(new PrintWriter(outBuffer))
            .setErr(new PrintWriter(errBuffer))
            .execute(arguments);
    out = outBuffer.toString();
    err = errBuffer.toString();
    return code;
  }

  private int decide(String command, String... more) {
    var arguments = new ArrayList<>(List.of(command, SampleApproval.REQUEST));
    arguments.addAll(Arrays.asList(server.connection()));
    arguments.add("--approver=alice");
    arguments.add("--sign-key=" + key());
    arguments.addAll(Arrays.asList(more));
    return run(arguments.toArray(String[]::new));
  }

  @Test
  void signsTheStatementThatItMadeItself() {
    assertThat(decide("approve", "--yes")).as("%s", err).isEqualTo(ExitCode.OK);
    var sent = server.approvals.getFirst();
    assertThat(sent.getRequest()).isEqualTo(SampleApproval.REQUEST);
    assertThat(sent.getApprover()).isEqualTo("alice");
    assertThat(sent.getKey()).isEqualTo(publicKey);
    byte[] signed =
        (SampleApproval.honest().getStatement() + "decision approve\n")
            .getBytes(StandardCharsets.US_ASCII);
    assertThat(
            ApproverKey.parse(publicKey)
                .verifies(signed, Bytes.of(sent.getSignature().toByteArray())))
        .isTrue();
    assertThat(out).contains("approved; it still waits for 1 more of treasury (bob, carol)");
  }

  @Test
  void signsARejectionAsSuch() {
    assertThat(decide("reject", "--yes", "--reason=too much")).as("%s", err).isEqualTo(ExitCode.OK);
    var sent = server.rejections.getFirst();
    byte[] signed =
        (SampleApproval.honest().getStatement() + "decision reject\n")
            .getBytes(StandardCharsets.US_ASCII);
    assertThat(
            ApproverKey.parse(publicKey)
                .verifies(signed, Bytes.of(sent.getSignature().toByteArray())))
        .isTrue();
    assertThat(sent.getReason()).isEqualTo("too much");
    assertThat(server.approvals).isEmpty();
  }

  @Test
  void showsItInWords() {
    server.say(
        SampleApproval.honest()
            .addGiven(
                GivenApproval.newBuilder()
                    .setApprover("bob")
                    .setDecision(GivenApproval.Decision.DECISION_APPROVE))
            .build());
    assertThat(decide("approve", "--yes")).as("%s", err).isEqualTo(ExitCode.OK);
    assertThat(out)
        .contains("asked by     trading-desk as order/7, 2026-11-23T06:00:00Z")
        .contains(
            "wallet       hot-1 on eip155:1, account 0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa")
        .contains(
            "sends        0.0000000015 ether (1500000000 wei) to"
                + " 0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB, with 36 bytes of call data")
        .contains("gas          at most 0.01 ether (10000000000000000 wei)")
        .contains("policy       version 7 (sha256 0xcccc")
        .contains("rules large, new-destination")
        .contains("needs        2 of treasury (alice, bob, carol)")
        .contains("the server says that bob approved")
        .contains("delay        PT2H after it is approved")
        .contains("expires      2026-11-24T06:00:00Z")
        .contains("sha256 0xabe0ff47e3aa938a6f0cdf7cd122f0a786d6dc47e8dc16072a1184228a319fc9");
  }

  @Test
  void warnsOfCallDataThatNobodyDecoded() {
    assertThat(decide("approve", "--yes")).isEqualTo(ExitCode.OK);
    assertThat(out)
        .contains("WARNING      the call data is not decoded")
        .contains("0x2e1a7d4d0000");
  }

  @Test
  void withoutATerminalItSignsOnlyWhenToldTo() {
    assertThat(decide("approve")).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("give --yes to sign as it is");
    assertThat(server.approvals).isEmpty();
  }

  /// Whatever the server shows, and whatever it wants signed: they are not the same.
  @Test
  void refusesAStatementThatIsAboutAnotherRequest() {
    server.say(SampleApproval.honest().setTo("0x" + "bc".repeat(20)).build());
    for (String command : new String[] {"approve", "reject"}) {
      assertThat(decide(command, "--yes")).isEqualTo(ExitCode.NO);
      assertThat(err)
          .contains("line 9\n")
          .contains("made here:    to 0x" + "bc".repeat(20))
          .contains("the server's: to 0x" + "bb".repeat(20))
          .contains("nothing was signed");
    }
    assertThat(server.approvals).isEmpty();
    assertThat(server.rejections).isEmpty();
  }

  @Test
  void refusesAnotherRequestThanItAskedFor() {
    String other = "0193576e-7c00-7000-8000-000000000002";
    server.say(
        SampleApproval.honest()
            .setRequest(other)
            .setStatement(
                SampleApproval.honest().getStatement().replace(SampleApproval.REQUEST, other))
            .build());
    assertThat(decide("approve", "--yes")).isEqualTo(ExitCode.NO);
    assertThat(err).contains("the server answers with another request");
    assertThat(server.approvals).isEmpty();
  }

  @Test
  void refusesWhatIsNoRequest() {
    server.say(SampleApproval.honest().setData(SampleApproval.bytes("2e1a")).build());
    assertThat(decide("approve", "--yes")).isEqualTo(ExitCode.NO);
    assertThat(err).contains("the server describes a request that cannot be: call data");
    server.say(SampleApproval.honest().setQuorum("anybody").build());
    assertThat(decide("approve", "--yes")).isEqualTo(ExitCode.NO);
    assertThat(server.approvals).isEmpty();
  }

  @Test
  void listsWhatWaitsOverAllPages() {
    var arguments = new ArrayList<>(List.of("approvals"));
    arguments.addAll(Arrays.asList(server.connection()));
    assertThat(run(arguments.toArray(String[]::new))).as("%s", err).isEqualTo(ExitCode.OK);
    assertThat(out.lines()).hasSize(3);
    assertThat(out).contains(SampleApproval.REQUEST + "  trading-desk  hot-1   eip155:1");
  }

  @Test
  void aKeyFileIsForItsOwnerAlone() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key())))
        .isEqualTo("rw-------");
    assertThat(run("approver", "new-key", "--out=" + key())).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("is there already");
    Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-r-----"));
    assertThat(decide("approve", "--yes")).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(err).contains("expected rw------- at most, got rw-r-----");
    assertThat(server.approvals).isEmpty();
  }

  @Test
  void aFileThatIsNoKeyIsRefused() throws IOException {
    Files.writeString(key(), "no key\n");
    assertThat(decide("approve", "--yes")).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(err).contains("is no approver's key");
  }

  @Test
  void oneKeyHasToBeNamed() {
    assertThat(decide("approve", "--yes", "--token=softhsm")).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("say which key signs: --sign-key FILE, or all of --pkcs11");
  }
}
