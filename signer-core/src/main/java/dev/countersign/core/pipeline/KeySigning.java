package dev.countersign.core.pipeline;

import dev.countersign.core.decision.Permit;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.evm.Secp256k1Curve;
import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.Freezes;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackend.SigningOutcome;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.request.SigningRequest;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the key sign what the permit allows, and believes nobody: the signature must verify under
/// the wallet's own public key before it goes any further (invariant 10).
final class KeySigning {
  private static final Logger LOG = LoggerFactory.getLogger(KeySigning.class);

  private final KeyBackends backends;
  private final Freezes freezes;

  KeySigning(KeyBackends backends, Freezes freezes) {
    this.backends = backends;
    this.freezes = freezes;
  }

  /// @return nothing when the backend cannot be reached now, what is asked for was frozen after it
  ///     was admitted, or nobody knows whether it was; the request stays ADMITTED, and is resumed
  Optional<Settlement.Result> sign(SigningRequest request, Wallet wallet, Permit permit) {
    Optional<KeyBackend> backend = backends.find(wallet.backend());
    if (backend.isEmpty()) {
      // A matter of configuration: another instance, or this one set right, can still sign it.
      return Optional.empty();
    }
    if (isStopped(request, wallet)) {
      return Optional.empty();
    }
    return switch (backend.get().sign(List.of(permit)).getFirst()) {
      case SigningOutcome.Signed signed ->
          Optional.of(checked(request, wallet, permit, signed.signature()));
      case SigningOutcome.Refused refused ->
          Optional.of(new Settlement.Result.Failed(request, refused.reason()));
      case SigningOutcome.Unavailable _ -> Optional.empty();
    };
  }

  /// The last moment at which a freeze keeps the key from being used. [Settlement] keeps what it
  /// signed from leaving when a freeze comes in between.
  private boolean isStopped(SigningRequest request, Wallet wallet) {
    return switch (freezes.known()) {
      case Freezes.Known.Current(var frozen) ->
          frozen.covering(wallet, request.content().chain()).isPresent();
      case Freezes.Known.Outdated(String reason) -> {
        LOG.warn("request {} is not signed now: {}", request.id(), reason);
        yield true;
      }
    };
  }

  private static Settlement.Result checked(
      SigningRequest request, Wallet wallet, Permit permit, RecoverableSignature signature) {
    if (!Secp256k1Curve.verifies(permit.signingDigest(), signature, wallet.publicKey())) {
      return new Settlement.Result.Failed(
          request, "the key backend returned a signature that is not the wallet's");
    }
    if (request.content().isMessage()) {
      return new Settlement.Result.SignedMessage(request, wallet, permit, signature);
    }
    return switch (TransactionDecoder.decode(permit.terms().payload())) {
      case TransactionDecoder.Outcome.Decoded decoded ->
          new Settlement.Result.Signed(request, wallet, decoded.transaction().sign(signature));
      case TransactionDecoder.Outcome.Undecodable bad ->
          new Settlement.Result.Failed(request, "the permitted payload is no transaction: " + bad);
    };
  }
}
