package dev.countersign.core.pipeline;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.PayloadLedger.Unsigned;
import dev.countersign.core.port.PolicyEngine;
import dev.countersign.core.port.ReplacementPolicy.Permitted;
import dev.countersign.core.port.ReplacementPolicy.Reissued;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.request.SigningRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Goes on with replacements that were permitted and not signed, because their instance died or
/// their key was out of reach, as [Resumption] does with requests. Run it every second or so, on
/// every instance.
public final class ReplacementResumption {
  private static final Logger LOG = LoggerFactory.getLogger(ReplacementResumption.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final int AT_ONCE = 64;

  private final Replacements replacements;
  private final ReplacementParts parts;
  private final Duration patience;

  public ReplacementResumption(Replacements replacements, ReplacementParts parts) {
    this(replacements, parts, PATIENCE);
  }

  /// @param patience how long a live signer is left alone
  public ReplacementResumption(
      Replacements replacements, ReplacementParts parts, Duration patience) {
    this.replacements = replacements;
    this.parts = parts;
    this.patience = patience;
  }

  /// Begins with what it finds; each goes on by itself, so that a token that hangs keeps no other
  /// waiting.
  ///
  /// @return how many it found
  public int run() {
    Map<SigningRequestAndWallet, Unsigned> found = new HashMap<>();
    for (Unsigned unsigned : claimed()) {
      SigningRequest request =
          parts.pipeline().requests().find(unsigned.id().request()).orElseThrow();
      parts
          .pipeline()
          .wallets()
          .find(request.content().wallet())
          .ifPresent(wallet -> found.put(new SigningRequestAndWallet(request, wallet), unsigned));
    }
    if (found.isEmpty()) {
      return 0;
    }
    List<Reissued> reissued =
        parts
            .pipeline()
            .unitOfWork()
            .inTransaction(
                transaction ->
                    parts
                        .policy()
                        .reissue(
                            transaction,
                            found.entrySet().stream()
                                .map(one -> one.getKey().permitted(one.getValue()))
                                .toList()));
    Map<Object, Reissued> byId =
        reissued.stream().collect(Collectors.toMap(Reissued::id, one -> one));
    found.forEach(
        (whose, unsigned) ->
            Optional.ofNullable(byId.get(unsigned.id()))
                .ifPresent(
                    one ->
                        Thread.ofVirtual()
                            .name("resume replacement")
                            .start(() -> goOn(whose, unsigned, one))));
    return found.size();
  }

  private List<Unsigned> claimed() {
    return parts
        .pipeline()
        .unitOfWork()
        .inTransaction(
            transaction ->
                parts
                    .payloads()
                    .claimUnsigned(transaction, patience, LEASE, replacements.inHand(), AT_ONCE));
  }

  private record SigningRequestAndWallet(SigningRequest request, Wallet wallet) {
    Permitted permitted(Unsigned unsigned) {
      return new Permitted(
          unsigned.id(),
          unsigned.purpose(),
          new PolicyEngine.Admitted(request.id(), wallet, unsigned.payload()),
          unsigned.replaces().orElseGet(this::admitted));
    }

    private Bytes admitted() {
      return request.admission().orElseThrow().payload();
    }
  }

  private void goOn(SigningRequestAndWallet whose, Unsigned unsigned, Reissued reissued) {
    var permitted =
        new ReplacementSettlement.Permitted(
            whose.request(),
            whose.wallet(),
            unsigned.id(),
            unsigned.purpose(),
            Keccak.hash(unsigned.payload().toArray()));
    try {
      switch (reissued) {
        case Reissued.Good good -> {
          if (isOpen(unsigned)) {
            LOG.info("resuming {}", unsigned.id());
            replacements.finish(permitted, good.permit());
          } else {
            replacements.drop(permitted, "the nonce was mined before it was signed");
          }
        }
        case Reissued.Gone _ ->
            replacements.drop(permitted, "no stored decision allows this payload");
        case Reissued.Untrusted _ ->
            LOG.error(
                "ALARM: the decision stored for {} is not sealed by the permit key. Somebody else"
                    + " wrote it, or this instance has another key. It is not signed, and stays as"
                    + " it is",
                unsigned.id());
      }
    } catch (RuntimeException e) {
      LOG.warn("{} could not be resumed, and will be tried again", unsigned.id(), e);
    }
  }

  private boolean isOpen(Unsigned unsigned) {
    return parts
        .payloads()
        .find(unsigned.id().request())
        .filter(payloads -> payloads.state() == NoncePayloads.State.OPEN)
        .isPresent();
  }
}
