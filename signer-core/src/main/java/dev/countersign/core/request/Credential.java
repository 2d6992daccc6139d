package dev.countersign.core.request;

import dev.countersign.core.model.InvalidValueException;
import java.util.Arrays;
import java.util.stream.Collectors;

/// What a client showed to be let in.
public enum Credential {
  /// A certificate, by TLS.
  MUTUAL_TLS("mutual-tls"),
  BEARER_TOKEN("bearer-token");

  private final String text;

  Credential(String text) {
    this.text = text;
  }

  /// @throws InvalidValueException when there is none of that name
  public static Credential parse(String text) {
    return Arrays.stream(values())
        .filter(credential -> credential.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidValueException.of(
                    "credential",
                    text,
                    Arrays.stream(values())
                        .map(Credential::toString)
                        .collect(Collectors.joining(", ", "one of ", ""))));
  }

  /// As policies write it.
  @Override
  public String toString() {
    return text;
  }
}
