package dev.countersign.core.replacement;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All that was ever permitted for one signed nonce.
///
/// @param payloads by their ordinals, the original first
/// @param mostCost the most that any of them may take of the account, in wei
/// @param outbid whether a node said of the newest that it does not pay enough more than the one
///     before it
/// @param relaying that they go by a private relay, if they do
public record NoncePayloads(
    SigningRequestId request,
    Lane lane,
    Nonce nonce,
    State state,
    List<Payload> payloads,
    BigInteger mostCost,
    boolean outbid,
    Optional<Relaying> relaying) {
  public NoncePayloads {
    payloads = List.copyOf(payloads);
    if (payloads.isEmpty() || payloads.getFirst().purpose() != PayloadPurpose.ORIGINAL) {
      throw new IllegalArgumentException("nonce %s of %s has no original".formatted(nonce, lane));
    }
  }

  /// How far the nonce is.
  public enum State {
    /// Signed, and not mined: it may be replaced.
    OPEN,
    /// One of its payloads is mined, and not as deep as its chain asks.
    MINED,
    /// One of its payloads is mined for good, or a transaction that was not signed here.
    ENDED
  }

  /// One payload.
  ///
  /// @param unsigned the bytes whose Keccak-256 is signed; nothing of the original, whose request
  ///     has them
  /// @param signed nothing before the key signed it, and for what never will be
  /// @param dropped whether it never will be signed
  /// @param mined whether it is the one that is mined
  public record Payload(
      int ordinal,
      PayloadPurpose purpose,
      Optional<Bytes> unsigned,
      Optional<SignedTransaction> signed,
      Instant permittedAt,
      Optional<Instant> signedAt,
      boolean dropped,
      boolean mined) {}

  /// The last that was signed: the one that is sent.
  public Payload newest() {
    return payloads.stream()
        .filter(payload -> payload.signed().isPresent())
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  /// The one that is permitted and waits for the key.
  public Optional<Payload> pending() {
    return payloads.stream()
        .filter(payload -> payload.signed().isEmpty() && !payload.dropped())
        .findFirst();
  }

  /// The ordinal that the next replacement gets.
  public int nextOrdinal() {
    return payloads.getLast().ordinal() + 1;
  }

  /// What the next replacement is to be: what is being cancelled is never brought back.
  public PayloadPurpose purposeOfSpeedUp() {
    return newest().purpose() == PayloadPurpose.CANCELLATION
        ? PayloadPurpose.CANCELLATION
        : PayloadPurpose.SPEED_UP;
  }
}
