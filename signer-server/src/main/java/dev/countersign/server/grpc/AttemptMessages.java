package dev.countersign.server.grpc;

import dev.countersign.api.v1.PrivateRelay;
import dev.countersign.api.v1.TransactionAttempt;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.NoncePayloads.Payload;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.Relaying;
import dev.countersign.core.request.SigningRequest;
import java.util.List;
import java.util.Optional;

/// The payloads of a request's nonce as messages.
final class AttemptMessages {
  private AttemptMessages() {}

  /// Those that are signed, and the one that is just being signed.
  static List<TransactionAttempt> of(SigningRequest request, NoncePayloads payloads) {
    return payloads.payloads().stream()
        .filter(payload -> !payload.dropped())
        .map(payload -> of(request, payload))
        .toList();
  }

  /// Of a request that was just signed.
  static TransactionAttempt first(SigningRequest request, SignedTransaction signed) {
    return of(
        request,
        new Payload(
            0,
            PayloadPurpose.ORIGINAL,
            Optional.empty(),
            Optional.of(signed),
            request.receivedAt(),
            Optional.of(request.updatedAt()),
            false,
            false));
  }

  static PrivateRelay of(Relaying relaying) {
    var message =
        PrivateRelay.newBuilder().setPublicAfterBlocks(relaying.publicAfterBlocks().orElse(0));
    relaying.since().ifPresent(message::setSinceBlock);
    relaying.publicAt().ifPresent(message::setPublicAtBlock);
    return message.build();
  }

  /// The hash of the one that is mined, or empty.
  static String mined(NoncePayloads payloads) {
    return payloads.payloads().stream()
        .filter(Payload::mined)
        .flatMap(payload -> payload.signed().stream())
        .map(signed -> signed.hash().hex())
        .findFirst()
        .orElse("");
  }

  private static TransactionAttempt of(SigningRequest request, Payload payload) {
    var attempt =
        TransactionAttempt.newBuilder()
            .setPurpose(purpose(payload.purpose()))
            .setMined(payload.mined());
    payload.signed().ifPresent(signed -> attempt.setHash(signed.hash().hex()));
    payload.signedAt().ifPresent(at -> attempt.setSignTime(RequestMessages.timestamp(at)));
    if (TransactionDecoder.decode(
            payload.unsigned().orElseGet(() -> request.admission().orElseThrow().payload()))
        instanceof TransactionDecoder.Outcome.Decoded decoded) {
      attempt
          .setMaxFeePerGas(decoded.transaction().fees().maxFeePerGas().toString())
          .setMaxPriorityFeePerGas(decoded.transaction().fees().maxPriorityFeePerGas().toString());
    }
    return attempt.build();
  }

  private static TransactionAttempt.Purpose purpose(PayloadPurpose purpose) {
    return switch (purpose) {
      case ORIGINAL -> TransactionAttempt.Purpose.PURPOSE_ORIGINAL;
      case SPEED_UP -> TransactionAttempt.Purpose.PURPOSE_SPEED_UP;
      case CANCELLATION -> TransactionAttempt.Purpose.PURPOSE_CANCELLATION;
    };
  }
}
