package dev.countersign.policy.testing;

import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.evm.TransactionDecoder.Outcome;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.request.RequestContent;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.rule.RollingLimit;
import dev.countersign.policy.testing.PolicyCase.Expectation;
import dev.countersign.policy.yaml.Position;
import java.math.BigInteger;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A request for bytes that somebody has already, as a case of which nothing is expected.
///
/// @param initiator the client that asks
/// @param wallet the wallet that pays
/// @param account the wallet's own
/// @param payload an unsigned transaction
public record RawRequest(ClientId initiator, WalletId wallet, Address account, Bytes payload) {

  /// Decodes it.
  ///
  /// @throws InvalidValueException when it is no transaction that is signed here
  public UnsignedTransaction transaction() {
    return switch (TransactionDecoder.decode(payload)) {
      case Outcome.Decoded decoded -> decoded.transaction();
      case Outcome.Undecodable undecodable ->
          throw InvalidValueException.of(
              "transaction",
              payload.size() + " bytes",
              "an unsigned transaction: " + undecodable.problem() + ": " + undecodable.detail());
    };
  }

  /// @param at the time of judging; nothing for noon of the first day of 2026, as in a test file
  /// @param spent what limits hold already, by `rule/limit`, written as in a policy
  /// @throws InvalidValueException when it is no transaction that is signed here, `policy` has no
  /// such limit, or an amount cannot be read
  public PolicyCase as(
      String name, PolicyDocument policy, Optional<Instant> at, Map<String, String> spent) {
    UnsignedTransaction transaction = transaction();
    Map<String, RollingLimit> limits = CaseReader.limits(policy);
    Map<String, BigInteger> held = new HashMap<>();
    spent.forEach(
        (limit, amount) -> {
          RollingLimit of = limits.get(limit);
          if (of == null) {
            throw InvalidValueException.of(
                "limit", limit, "RULE/LIMIT of the policy: " + String.join(", ", limits.keySet()));
          }
          held.put(limit, of.parse(amount));
        });
    return new PolicyCase(
        name,
        Position.START,
        Circumstances.USUAL.subject(
            initiator,
            account,
            new RequestContent(
                wallet,
                transaction.chain(),
                transaction.intent(),
                Optional.of(transaction.fees()),
                Optional.of(transaction.envelope())),
            at.orElse(CaseReader.USUAL_TIME)),
        payload,
        Optional.empty(),
        held,
        new Expectation(EnumSet.allOf(Answer.class), Optional.empty(), ""));
  }
}
