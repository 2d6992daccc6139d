package dev.countersign.policy.testing;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.TokenAmount;
import dev.countersign.core.model.Wei;
import dev.countersign.policy.yaml.Fields;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads the transaction of a case. Four forms: `to` and `value`; `token`, `to` and `amount`; `to`,
/// `call` and `arguments`; `to` and `data`. The last two may have a `value` too.
final class TransactionReader {
  static final List<String> FEES = List.of("maxFeePerGas", "gasLimit");
  static final List<String> KEYS =
      List.of(
          "to", "value", "token", "amount", CallDataReader.CALL, CallDataReader.ARGUMENTS, "data");

  private static final BigInteger USUAL_FEE = BigInteger.valueOf(30_000_000_000L);
  private static final long USUAL_GAS = 100_000;
  private static final int SELECTOR_SIZE = 4;

  private final AccountNames names;

  TransactionReader(AccountNames names) {
    this.names = names;
  }

  /// @return nothing when there are problems
  Optional<UnsignedTransaction> read(Fields fields, ChainId chain) {
    Optional<Address> to = address(fields, "to");
    Optional<CallEncoder.Call> call = to.flatMap(recipient -> call(fields, recipient));
    Optional<Fees> fees = fees(fields);
    return call.flatMap(
        carried -> fees.map(paid -> new UnsignedTransaction(chain, new Nonce(0), paid, carried)));
  }

  private Optional<CallEncoder.Call> call(Fields fields, Address to) {
    List<String> there =
        Stream.of("token", CallDataReader.CALL, "data")
            .filter(key -> fields.find(key).isPresent())
            .toList();
    if (there.size() > 1) {
      CaseReader.problem(
          fields,
          fields.mapping().at(),
          there.getFirst(),
          "excludes " + String.join(" and ", there.subList(1, there.size())));
      return Optional.empty();
    }
    return switch (there.isEmpty() ? "" : there.getFirst()) {
      case "token" -> {
        refuse(fields, "value", "a token transfer moves `amount`, and no native value");
        refuse(fields, CallDataReader.ARGUMENTS, "only with `call`");
        yield tokenTransfer(fields, to);
      }
      case CallDataReader.CALL -> {
        refuse(fields, "amount", "only with `token`");
        yield new CallDataReader(names)
            .read(fields)
            .flatMap(data -> value(fields).map(wei -> new CallEncoder.Call(to, wei, data)));
      }
      case "data" -> {
        refuse(fields, "amount", "only with `token`");
        refuse(fields, CallDataReader.ARGUMENTS, "only with `call`");
        yield CaseReader.value(fields, "data", "bytes in hex", TransactionReader::callData)
            .flatMap(data -> value(fields).map(wei -> new CallEncoder.Call(to, wei, data)));
      }
      default -> {
        refuse(fields, "amount", "only with `token`; native assets are moved by `value`");
        refuse(fields, CallDataReader.ARGUMENTS, "only with `call`");
        fields.require("value", "an amount of the native asset");
        yield value(fields).map(wei -> new CallEncoder.Call(to, wei, Bytes.EMPTY));
      }
    };
  }

  private static Bytes callData(String text) {
    Bytes data = Bytes.fromHex(text);
    if (data.size() < SELECTOR_SIZE) {
      throw InvalidValueException.of("data", text, "at least the 4 bytes of a selector");
    }
    return data;
  }

  private Optional<CallEncoder.Call> tokenTransfer(Fields fields, Address to) {
    Optional<Address> token = address(fields, "token");
    Optional<BigInteger> amount =
        fields
            .require("amount", "an amount in the token's smallest unit")
            .flatMap(value -> CaseReader.amount(fields, "amount", value, false));
    return token.flatMap(
        contract ->
            amount.map(
                moved ->
                    CallEncoder.encode(
                        new Intent.Erc20Transfer(contract, to, new TokenAmount(moved)))));
  }

  private static void refuse(Fields fields, String key, String message) {
    fields.find(key).ifPresent(node -> CaseReader.problem(fields, node.at(), key, message));
  }

  private Optional<Address> address(Fields fields, String key) {
    return fields
        .requireText(key, AccountNames.FORM)
        .flatMap(text -> names.address(text, fields.path(key), fields));
  }

  /// Nothing moves unless it is said.
  private static Optional<Wei> value(Fields fields) {
    return fields
        .find("value")
        .map(value -> CaseReader.amount(fields, "value", value, true).map(Wei::new))
        .orElse(Optional.of(Wei.ZERO));
  }

  private static Optional<Fees> fees(Fields fields) {
    Optional<BigInteger> most =
        fields
            .find("maxFeePerGas")
            .map(value -> CaseReader.amount(fields, "maxFeePerGas", value, true))
            .orElse(Optional.of(USUAL_FEE));
    Optional<GasLimit> gas =
        fields.find("gasLimit").isEmpty()
            ? Optional.of(new GasLimit(USUAL_GAS))
            : CaseReader.value(
                fields, "gasLimit", "a number of units of gas", TransactionReader::gas);
    return most.flatMap(fee -> gas.map(limit -> new Fees(Wei.ZERO, new Wei(fee), limit)));
  }

  private static GasLimit gas(String text) {
    if (!text.matches("[1-9][0-9]{0,9}")) {
      throw InvalidValueException.of("gas limit", text, "a whole number from 1 to 9999999999");
    }
    return new GasLimit(Long.parseLong(text));
  }
}
