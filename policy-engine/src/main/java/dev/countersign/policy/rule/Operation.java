package dev.countersign.policy.rule;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.InvalidValueException;
import java.util.Arrays;
import java.util.stream.Collectors;

/// What sort of thing a transaction does, as policies name it.
public enum Operation {
  /// The native asset without call data.
  NATIVE_TRANSFER("native-transfer"),
  /// Exactly the bytes of ERC-20 `transfer`.
  ERC20_TRANSFER("erc20-transfer"),
  /// Every other call data, understood or not.
  CONTRACT_CALL("contract-call");

  private final String text;

  Operation(String text) {
    this.text = text;
  }

  static Operation of(Intent intent) {
    return switch (intent) {
      case Intent.NativeTransfer transfer -> NATIVE_TRANSFER;
      case Intent.Erc20Transfer transfer -> ERC20_TRANSFER;
      case Intent.ContractCall call -> CONTRACT_CALL;
    };
  }

  static Operation parse(String text) {
    return Arrays.stream(values())
        .filter(operation -> operation.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidValueException.of(
                    "operation",
                    text,
                    Arrays.stream(values())
                        .map(Operation::toString)
                        .collect(Collectors.joining(", ", "one of ", ""))));
  }

  /// As policies write it.
  @Override
  public String toString() {
    return text;
  }
}
