package dev.countersign.core.request;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.WalletId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// All that a client says about a request, and nothing else.
///
/// @param fees the fees the client insists on; without them the node is asked
public record RequestContent(WalletId wallet, ChainId chain, Intent intent, Optional<Fees> fees) {

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
            call.to().hex(),
            call.value().toString(),
            call.data().hex(),
            fees.map(
                    f ->
                        "%s/%s/%s"
                            .formatted(
                                f.maxPriorityFeePerGas(), f.maxFeePerGas(), f.gasLimit().units()))
                .orElse("-"));
    return Keccak.hash(text.getBytes(StandardCharsets.US_ASCII));
  }
}
