package dev.countersign.cli.approval;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.Fees;
import dev.countersign.api.v1.PendingApproval;
import dev.countersign.api.v1.SigningRequest;
import java.time.Instant;
import java.util.HexFormat;

/// A request as an honest server describes it. The statement is written out by hand, from
/// docs/APPROVALS.md.
final class SampleApproval {
  static final String REQUEST = "0193576e-7c00-7000-8000-000000000001";
  static final String ERC20_TRANSFER =
      "a9059cbb" + "00".repeat(12) + "bb".repeat(20) + "00".repeat(30) + "1388";

  private static final String STATEMENT =
      """
      countersign/approval/v1
      request 0193576e-7c00-7000-8000-000000000001
      client trading-desk
      request-id order/7
      request-digest 0x5e22d67757c9f6e30c7ab53acbb34f32de61d4ee65f7f6ea849e1a0819898f68
      wallet hot-1
      account 0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      chain eip155:1
      to 0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
      value 1500000000
      data 0x849142dafc1ad502ba622350cb23109004a281df5a638a73d796ce52f953ba71 36
      maximum-gas-cost 10000000000000000
      policy 7 0xcccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
      rules large,new-destination
      quorum 2 of treasury(alice,bob,carol)
      delay PT7200S
      asked 2026-11-23T06:00:00Z
      expires 2026-11-24T06:00:00Z
      """;

  private SampleApproval() {}

  static PendingApproval.Builder honest() {
    return PendingApproval.newBuilder()
        .setRequest(REQUEST)
        .setClient("trading-desk")
        .setRequestId("order/7")
        .setState(SigningRequest.State.STATE_PENDING_APPROVAL)
        .setWallet("hot-1")
        .setAccount("0x" + "aa".repeat(20))
        .setChain("eip155:1")
        .setTo("0x" + "bb".repeat(20))
        .setValue("1500000000")
        .setData(bytes("2e1a7d4d" + "00".repeat(32)))
        .setMaximumGasCost("10000000000000000")
        .setPolicyVersion(7)
        .setPolicyHash("0x" + "cc".repeat(32))
        .addRules("large")
        .addRules("new-destination")
        .setQuorum("2 of treasury(alice,bob,carol)")
        .setDelay(Duration.newBuilder().setSeconds(7200))
        .setAskTime(time("2026-11-23T06:00:00Z"))
        .setExpireTime(time("2026-11-24T06:00:00Z"))
        .setStatement(STATEMENT)
        .setMissing("1 more of treasury (bob, carol)");
  }

  static Fees fees() {
    return Fees.newBuilder()
        .setMaxPriorityFeePerGas("1")
        .setMaxFeePerGas("2")
        .setGasLimit(21_000)
        .build();
  }

  static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  static Timestamp time(String text) {
    return Timestamp.newBuilder().setSeconds(Instant.parse(text).getEpochSecond()).build();
  }
}
