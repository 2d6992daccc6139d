package dev.countersign.nonce.broadcast;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What several nodes say to the same bytes, taken together.
final class SendOutcomes {
  /// A refusal may pause a lane or raise a fee: where several nodes answer, one alone does not.
  private static final int NEEDED = 2;

  private SendOutcomes() {}

  static boolean isAccepted(SendOutcome outcome) {
    return outcome instanceof SendOutcome.Accepted;
  }

  static boolean isNonceUsed(SendOutcome outcome) {
    return outcome instanceof SendOutcome.Unknown(ErrorKind kind, String _)
        && kind == ErrorKind.NONCE_TOO_LOW;
  }

  /// Accepted where any node took it; refused where two nodes say so for the same reason, or where
  /// no other has answered. Otherwise it is unknown.
  ///
  /// @param others of those that answered
  static SendOutcome together(SendOutcome first, List<SendOutcome> others) {
    if (others.isEmpty()) {
      return first;
    }
    List<SendOutcome> all = Stream.concat(Stream.of(first), others.stream()).toList();
    return Stream.<Predicate<SendOutcome>>of(
            SendOutcomes::isAccepted, one -> isShared(one, all), SendOutcomes::isNonceUsed)
        .flatMap(wanted -> all.stream().filter(wanted))
        .findFirst()
        .orElseGet(() -> new SendOutcome.Unknown(ErrorKind.OTHER, words(all)));
  }

  /// Whether it is a refusal that enough of them share.
  private static boolean isShared(SendOutcome one, List<SendOutcome> all) {
    return one instanceof SendOutcome.Refused(ErrorKind kind, String _)
        && all.stream()
                .filter(
                    other ->
                        other instanceof SendOutcome.Refused(ErrorKind theirs, String _)
                            && isSame(kind, theirs))
                .count()
            >= NEEDED;
  }

  /// A node that has the payload before this one in its pool and a node that has none say
  /// differently that it pays too little.
  private static boolean isSame(ErrorKind kind, ErrorKind other) {
    return kind == other || (isAboutFees(kind) && isAboutFees(other));
  }

  private static boolean isAboutFees(ErrorKind kind) {
    return kind == ErrorKind.UNDERPRICED || kind == ErrorKind.REPLACEMENT_UNDERPRICED;
  }

  private static String words(List<SendOutcome> all) {
    return all.stream().map(SendOutcomes::word).distinct().collect(Collectors.joining("; "));
  }

  private static String word(SendOutcome outcome) {
    return switch (outcome) {
      case SendOutcome.Accepted(boolean _) -> "accepted";
      case SendOutcome.Refused(ErrorKind _, String reason) -> "refused: " + reason;
      case SendOutcome.Unknown(ErrorKind _, String reason) -> reason;
    };
  }
}
