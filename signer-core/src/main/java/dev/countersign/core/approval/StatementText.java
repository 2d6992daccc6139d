package dev.countersign.core.approval;

import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.SigningRequestId;
import java.util.ArrayList;
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
    ApprovedSubject subject = statement.subject();
    List<String> lines = new ArrayList<>();
    lines.add(
        switch (subject) {
          case ApprovedTransaction _ -> ApprovalStatement.FORMAT;
          case ApprovedMessage _ -> ApprovalStatement.MESSAGE_FORMAT;
        });
    lines.add("request " + statement.request());
    lines.add("client " + statement.key().client());
    lines.add("request-id " + statement.key().requestId());
    lines.add("request-digest " + statement.requestDigest().hex());
    lines.add("wallet " + subject.wallet());
    lines.add("account " + subject.account().hex());
    lines.add("chain " + subject.chain().caip2());
    switch (subject) {
      case ApprovedTransaction transaction -> {
        lines.add("to " + transaction.to().map(Address::hex).orElse(NOBODY));
        lines.add("value " + transaction.value());
        lines.add("data " + transaction.dataHash().hex() + " " + transaction.dataSize());
        transaction.envelopeHash().ifPresent(hash -> lines.add("envelope " + hash.hex()));
        transaction.fees().ifPresent(fees -> lines.add("fees " + fees.text()));
        lines.add("maximum-gas-cost " + transaction.maximumGasCost());
      }
      case ApprovedMessage message -> {
        lines.add("message " + message.kind().word());
        lines.add("signing-digest " + message.signingDigest().hex());
      }
    }
    ApprovalTerms terms = statement.terms();
    lines.add("policy " + terms.policy().number() + " " + terms.policy().hash().hex());
    lines.add("rules " + String.join(",", terms.rules()));
    terms.route().ifPresent(route -> lines.add("route " + route.text()));
    lines.add("quorum " + terms.quorum().text());
    lines.add("delay PT" + terms.delay().toSeconds() + "S");
    lines.add("asked " + terms.asked());
    lines.add("expires " + terms.expires());
    lines.add("");
    return String.join("\n", lines);
  }

  static ApprovalStatement parse(Bytes bytes) {
    return StatementLines.parse(
        "approval statement", bytes, lines -> new StatementText(lines).statement());
  }

  private ApprovalStatement statement() {
    boolean isMessage =
        lines
            .format(ApprovalStatement.FORMAT, ApprovalStatement.MESSAGE_FORMAT)
            .equals(ApprovalStatement.MESSAGE_FORMAT);
    SigningRequestId request = SigningRequestId.parse(lines.value("request"));
    IdempotencyKey key =
        new IdempotencyKey(new ClientId(lines.value("client")), lines.value("request-id"));
    Digest32 digest = Digest32.fromHex(lines.value("request-digest"));
    return new ApprovalStatement(
        request, key, digest, isMessage ? message() : transaction(), terms());
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
        lines.valueIfNext("fees").map(FeeChoice.ByMarket::parse),
        Wei.parse(lines.value("maximum-gas-cost")));
  }

  private ApprovedMessage message() {
    return new ApprovedMessage(
        new WalletId(lines.value("wallet")),
        new Address(lines.value("account")),
        new ChainId(lines.value("chain")),
        ApprovedMessage.Kind.parse(lines.value("message")),
        Digest32.fromHex(lines.value("signing-digest")));
  }

  private ApprovalTerms terms() {
    List<String> policy = lines.two("policy");
    return new ApprovalTerms(
        new PolicyVersion(lines.count(policy.getFirst()), Digest32.fromHex(policy.getLast())),
        List.of(lines.value("rules").split(",", -1)),
        lines.valueIfNext("route").map(HiddenRoute::parse),
        Quorum.parse(lines.value("quorum")),
        lines.delay(lines.value("delay")),
        lines.instant(lines.value("asked")),
        lines.instant(lines.value("expires")));
  }
}
