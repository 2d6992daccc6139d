package dev.countersign.core.approval;

import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.SigningRequestId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// The lines of a statement, in their one order.
final class StatementText {
  private static final int MOST_BYTES = 1 << 17;
  private static final int LONGEST_COUNT = 18;

  private final Iterator<String> lines;
  private String line = "";

  private StatementText(Iterator<String> lines) {
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
        "to " + transaction.to().hex(),
        "value " + transaction.value(),
        "data " + transaction.dataHash().hex() + " " + transaction.dataSize(),
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
    if (bytes.size() > MOST_BYTES) {
      throw InvalidValueException.of(
          "approval statement", bytes.size() + " bytes", "at most " + MOST_BYTES);
    }
    String text = new String(bytes.toArray(), StandardCharsets.US_ASCII);
    StatementText reading = new StatementText(Arrays.asList(text.split("\n", -1)).iterator());
    ApprovalStatement statement = reading.statement();
    if (!statement.bytes().equals(bytes)) {
      throw InvalidValueException.of("approval statement", text, statement.text());
    }
    return statement;
  }

  private ApprovalStatement statement() {
    next();
    if (!line.equals(ApprovalStatement.FORMAT)) {
      throw InvalidValueException.of("approval statement", line, ApprovalStatement.FORMAT);
    }
    SigningRequestId request = SigningRequestId.parse(value("request"));
    IdempotencyKey key = new IdempotencyKey(new ClientId(value("client")), value("request-id"));
    Digest32 digest = Digest32.fromHex(value("request-digest"));
    return new ApprovalStatement(request, key, digest, transaction(), terms());
  }

  private ApprovedTransaction transaction() {
    WalletId wallet = new WalletId(value("wallet"));
    Address account = new Address(value("account"));
    ChainId chain = new ChainId(value("chain"));
    Address to = new Address(value("to"));
    Wei value = Wei.parse(value("value"));
    List<String> data = two("data");
    return new ApprovedTransaction(
        wallet,
        account,
        chain,
        to,
        value,
        Digest32.fromHex(data.getFirst()),
        Math.toIntExact(Math.min(count(data.getLast()), Integer.MAX_VALUE)),
        Wei.parse(value("maximum-gas-cost")));
  }

  private ApprovalTerms terms() {
    List<String> policy = two("policy");
    return new ApprovalTerms(
        new PolicyVersion(count(policy.getFirst()), Digest32.fromHex(policy.getLast())),
        List.of(value("rules").split(",", -1)),
        Quorum.parse(value("quorum")),
        delay(value("delay")),
        instant(value("asked")),
        instant(value("expires")));
  }

  private void next() {
    line = lines.hasNext() ? lines.next() : "";
  }

  private String value(String name) {
    next();
    if (!line.startsWith(name + " ")) {
      throw InvalidValueException.of("line of an approval statement", line, name + " and a value");
    }
    return line.substring(name.length() + 1);
  }

  private List<String> two(String name) {
    List<String> parts = List.of(value(name).split(" ", -1));
    if (parts.size() != 2) {
      throw InvalidValueException.of(
          "line of an approval statement", line, name + " and two values");
    }
    return parts;
  }

  private Duration delay(String text) {
    if (!text.startsWith("PT") || !text.endsWith("S") || text.length() < 4) {
      throw InvalidValueException.of("delay", text, "whole seconds such as PT3600S");
    }
    return Duration.ofSeconds(count(text.substring(2, text.length() - 1)));
  }

  private long count(String text) {
    if (text.isEmpty()
        || text.length() > LONGEST_COUNT
        || !text.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      throw InvalidValueException.of("line of an approval statement", line, "a whole number");
    }
    return Long.parseLong(text);
  }

  private Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw InvalidValueException.of("time", text, "such as 2026-11-23T06:00:00Z");
    }
  }
}
