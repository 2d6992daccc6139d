package dev.countersign.core.approval;

import dev.countersign.core.approval.RuleQuorum.Members;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.SigningRequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One request, and the statement about it.
final class Statements {
  static final Instant ASKED = Instant.parse("2026-11-23T06:00:00Z");
  static final Instant EXPIRES = Instant.parse("2026-11-24T06:00:00Z");
  static final Address ACCOUNT = new Address("0x" + "aa".repeat(20));
  static final Address TO = new Address("0x" + "bb".repeat(20));
  static final Wei CAP = Wei.of(10_000_000_000_000_000L);
  static final Intent.OfTransaction CALL =
      new Intent.ContractCall(
          TO, Wei.of(1_500_000_000), Bytes.fromHex("0x2e1a7d4d" + "00".repeat(32)));
  static final Members TREASURY = QuorumTest.group("treasury", 2, "alice", "bob", "carol");

  private Statements() {}

  static ApprovalStatement one() {
    return about("0193576e-7c00-7000-8000-000000000001", CALL, TREASURY);
  }

  /// What [#one] is about.
  static ApprovedTransaction transaction() {
    return (ApprovedTransaction) one().subject();
  }

  static ApprovalStatement about(String request, Intent intent, Quorum quorum) {
    return ApprovalStatement.of(
        SigningRequestId.parse(request),
        new IdempotencyKey(new ClientId("trading-desk"), "order/7"),
        content(intent),
        ACCOUNT,
        CAP,
        terms(quorum));
  }

  static RequestContent content(Intent intent) {
    return new RequestContent(new WalletId("hot-1"), ChainId.ofEip155(1), intent, Optional.empty());
  }

  static ApprovalTerms terms(Quorum quorum) {
    return new ApprovalTerms(
        7,
        Digest32.fromHex("0x" + "cc".repeat(32)),
        List.of("large", "new-destination"),
        quorum,
        Duration.ofHours(2),
        ASKED,
        EXPIRES);
  }
}
