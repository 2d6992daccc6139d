package dev.countersign.policy.rule;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.InvalidValueException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a limit counts apart. All of it is known of a request before it has a nonce and fees, since
/// scopes are locked before nonces are taken.
public enum LimitDimension {
  INITIATOR,
  WALLET,
  CHAIN,
  DESTINATION;

  static LimitDimension parse(String text) {
    return Arrays.stream(values())
        .filter(dimension -> dimension.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidValueException.of(
                    "dimension",
                    text,
                    Arrays.stream(values())
                        .map(LimitDimension::toString)
                        .collect(Collectors.joining(", ", "one of ", ""))));
  }

  String of(JudgedAction action) {
    return switch (this) {
      case INITIATOR -> action.subject().initiator().value();
      case WALLET -> action.subject().wallet().id().value();
      case CHAIN -> action.subject().chain().caip2();
      case DESTINATION -> action.destination().map(Address::hex).orElse("nobody");
    };
  }

  /// As policies write it.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
