package dev.countersign.core.request;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.EnvelopeCodec;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.WalletId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// All that a client says about a request, and nothing else.
///
/// @param fees the fees the client insists on; without them the node is asked
/// @param envelope the type of transaction that the client insists on; without it that of the chain
public record RequestContent(
    WalletId wallet,
    ChainId chain,
    Intent intent,
    Optional<Fees> fees,
    Optional<Envelope> envelope) {

  public RequestContent {
    boolean creates = intent instanceof Intent.ContractCreation;
    if (creates && envelope.isPresent() && !envelope.get().mayCreate()) {
      throw InvalidValueException.of(
          "type of transaction", envelope.get().type().text(), "one that creates contracts");
    }
  }

  /// In the type of transaction that is the chain's.
  public RequestContent(WalletId wallet, ChainId chain, Intent intent, Optional<Fees> fees) {
    this(wallet, chain, intent, fees, Optional.empty());
  }

  /// What idempotency compares and audit entries name: the Keccak-256 of one text line per field.
  /// No field can hold a line feed, so no two contents share a text.
  public Digest32 digest(IdempotencyKey key) {
    CallEncoder.Call call = CallEncoder.encode(intent);
    String text =
        String.join(
            "\n",
            "countersign/request/v1",
            key.client().value(),
            key.requestId(),
            wallet.value(),
            chain.caip2(),
            call.toText(),
            call.value().toString(),
            call.data().hex(),
            fees.map(
                    f ->
                        "%s/%s/%s"
                            .formatted(
                                f.maxPriorityFeePerGas(), f.maxFeePerGas(), f.gasLimit().units()))
                .orElse("-"));
    // Appended only where there is one: what was stored before there were any keeps its digest.
    if (envelope.isPresent()) {
      text += "\n" + EnvelopeCodec.encode(envelope.get()).hex();
    }
    return Keccak.hash(text.getBytes(StandardCharsets.US_ASCII));
  }
}
