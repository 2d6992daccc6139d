package dev.countersign.core.approval;

import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.SigningRequestId;
import java.util.List;
import java.util.Optional;

/// The lines of a statement, in their one order.
final class StatementText {
  /// The recipient of what creates a contract.
  private static final String NOBODY = "-";

  private final StatementLines lines;

  private StatementText(StatementLines lines) {
    this.lines = lines;
  }

  static String of(ApprovalStatement statement) {
    ApprovedTransaction transaction = statement.transaction();
    ApprovalTerms terms = statement.terms();
    return String.join(
        "\n",
        ApprovalStatement.FORMAT,
        "request " + statement.request(),
        "client " + statement.key().client(),
        "request-id " + statement.key().requestId(),
        "request-digest " + statement.requestDigest().hex(),
        "wallet " + transaction.wallet(),
        "account " + transaction.account().hex(),
        "chain " + transaction.chain().caip2(),
        "to " + transaction.to().map(Address::hex).orElse(NOBODY),
        "value " + transaction.value(),
        "data "
            + transaction.dataHash().hex()
            + " "
            + transaction.dataSize()
            + transaction.envelopeHash().map(hash -> "\nenvelope " + hash.hex()).orElse(""),
        "maximum-gas-cost " + transaction.maximumGasCost(),
        "policy " + terms.policy().number() + " " + terms.policy().hash().hex(),
        "rules " + String.join(",", terms.rules()),
        "quorum " + terms.quorum().text(),
        "delay PT" + terms.delay().toSeconds() + "S",
        "asked " + terms.asked(),
        "expires " + terms.expires(),
        "");
  }

  static ApprovalStatement parse(Bytes bytes) {
    return StatementLines.parse(
        "approval statement", bytes, lines -> new StatementText(lines).statement());
  }

  private ApprovalStatement statement() {
    lines.format(ApprovalStatement.FORMAT);
    SigningRequestId request = SigningRequestId.parse(lines.value("request"));
    IdempotencyKey key =
        new IdempotencyKey(new ClientId(lines.value("client")), lines.value("request-id"));
    Digest32 digest = Digest32.fromHex(lines.value("request-digest"));
    return new ApprovalStatement(request, key, digest, transaction(), terms());
  }

  private ApprovedTransaction transaction() {
    WalletId wallet = new WalletId(lines.value("wallet"));
    Address account = new Address(lines.value("account"));
    ChainId chain = new ChainId(lines.value("chain"));
    String to = lines.value("to");
    Wei value = Wei.parse(lines.value("value"));
    List<String> data = lines.two("data");
    return new ApprovedTransaction(
        wallet,
        account,
        chain,
        to.equals(NOBODY) ? Optional.empty() : Optional.of(new Address(to)),
        value,
        Digest32.fromHex(data.getFirst()),
        Math.toIntExact(Math.min(lines.count(data.getLast()), Integer.MAX_VALUE)),
        lines.valueIfNext("envelope").map(Digest32::fromHex),
        Wei.parse(lines.value("maximum-gas-cost")));
  }

  private ApprovalTerms terms() {
    List<String> policy = lines.two("policy");
    return new ApprovalTerms(
        new PolicyVersion(lines.count(policy.getFirst()), Digest32.fromHex(policy.getLast())),
        List.of(lines.value("rules").split(",", -1)),
        Quorum.parse(lines.value("quorum")),
        lines.delay(lines.value("delay")),
        lines.instant(lines.value("asked")),
        lines.instant(lines.value("expires")));
  }
}
