package dev.countersign.nonce.node;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Why a contract would not do it, from the error a node gives to an estimate or a call. Reverted
/// data is encoded as Solidity does: `Error(string)`, `Panic(uint256)`, or an error of the
/// contract's own.
public final class RevertReason {
  private static final int EXECUTION_REVERTED = 3;
  private static final String ERROR = "08c379a0";
  private static final String PANIC = "4e487b71";
  private static final int SELECTOR = 4;
  private static final int WORD = 32;

  /// How nodes say that the transaction itself is at fault, besides error code 3.
  private static final List<String> FAULTS =
      List.of(
          "revert",
          "invalid opcode",
          "out of gas",
          "gas required exceeds",
          "always failing transaction",
          "vm execution error",
          "invalid jump",
          "stack underflow",
          "stack limit reached");

  private RevertReason() {}

  /// The reason, or empty when the error is not about the transaction but the node's own.
  public static Optional<String> of(RpcAnswer.Failure failure) {
    String message = failure.message().toLowerCase(Locale.ROOT);
    boolean fault =
        failure.code() == EXECUTION_REVERTED || FAULTS.stream().anyMatch(message::contains);
    if (!fault) {
      return Optional.empty();
    }
    return Optional.of(decoded(failure.data()).orElse(failure.message()));
  }

  private static Optional<String> decoded(String data) {
    int start = data.indexOf("0x");
    if (start < 0) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = HexFormat.of().parseHex(data, start + 2, hexEnd(data, start + 2));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length < SELECTOR) {
      return Optional.empty();
    }
    String selector = HexFormat.of().formatHex(bytes, 0, SELECTOR);
    byte[] arguments = Arrays.copyOfRange(bytes, SELECTOR, bytes.length);
    return Optional.of(
        switch (selector) {
          case ERROR -> text(arguments).orElse("Error(string) that does not decode");
          case PANIC -> "panic 0x" + panicCode(arguments) + " (Solidity's own check)";
          default -> "the contract's own error 0x" + selector;
        });
  }

  private static int hexEnd(String data, int from) {
    int end = from;
    while (end < data.length() && HexFormat.isHexDigit(data.charAt(end))) {
      end++;
    }
    return end;
  }

  /// One ABI string: an offset, a length, the bytes. Whoever wrote the contract chose them.
  private static Optional<String> text(byte[] arguments) {
    return word(arguments, 0)
        .flatMap(
            offset ->
                word(arguments, offset)
                    .filter(length -> length <= arguments.length - offset - WORD)
                    .map(
                        length ->
                            NodeText.shown(
                                new String(
                                    arguments, offset + WORD, length, StandardCharsets.UTF_8))));
  }

  /// The word at `at` as a length or an offset inside of `bytes`.
  private static Optional<Integer> word(byte[] bytes, int at) {
    if (at > bytes.length - WORD) {
      return Optional.empty();
    }
    BigInteger value = new BigInteger(1, bytes, at, WORD);
    return value.compareTo(BigInteger.valueOf(bytes.length)) > 0
        ? Optional.empty()
        : Optional.of(value.intValue());
  }

  private static String panicCode(byte[] arguments) {
    return new BigInteger(1, arguments).toString(16);
  }
}
