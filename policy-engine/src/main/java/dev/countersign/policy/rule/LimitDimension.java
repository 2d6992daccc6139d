package dev.countersign.policy.rule;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.port.PolicySubject;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a limit counts apart. All of it is known of a request before its bytes are, since scopes
/// are locked before nonces are taken.
public enum LimitDimension {
  INITIATOR,
  WALLET,
  CHAIN;

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

  String of(PolicySubject subject) {
    return switch (this) {
      case INITIATOR -> subject.initiator().value();
      case WALLET -> subject.wallet().id().value();
      case CHAIN -> subject.chain().caip2();
    };
  }

  /// As policies write it.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
