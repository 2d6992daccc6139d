package dev.countersign.core.pipeline;

import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.PublicKey;
import dev.countersign.core.model.Tier;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/// Requests that wait for their signature, and the wallets they are of: each backend has one of its
/// name.
final class AdmittedRequests {
  static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final ChainId CHAIN = ChainId.ofEip155(31337);
  private static final Fees FEES = new Fees(Wei.of(1), Wei.of(30), GasLimit.TRANSFER);

  private AdmittedRequests() {}

  static Wallet wallet(WalletId id) {
    byte[] point = new byte[65];
    Arrays.fill(point, (byte) 7);
    point[0] = 4;
    return new Wallet(
        id,
        new VaultId("treasury"),
        Tier.HOT,
        id.value(),
        new BackendName(id.value()),
        new KeyId("key"),
        new PublicKey(Bytes.of(point)));
  }

  static SigningRequest of(String wallet, long number) {
    return of(wallet, number, Optional.empty(), Envelope.FeeMarket.PLAIN);
  }

  /// @param asked what its client says of its type
  static SigningRequest of(
      String wallet, long number, Optional<Envelope> asked, Envelope envelope) {
    SigningRequestId id = new SigningRequestId(new UUID(7, number));
    var intent = new Intent.NativeTransfer(new Address("0x" + "ab".repeat(20)), Wei.of(number));
    var content = new RequestContent(new WalletId(wallet), CHAIN, intent, Optional.empty(), asked);
    var key = new IdempotencyKey(new ClientId("desk"), "r" + number);
    var payload = UnsignedTransaction.of(CHAIN, new Nonce(number), FEES, intent, envelope).encode();
    return new SigningRequest(
        id,
        key,
        content.digest(key),
        content,
        Optional.empty(),
        RequestState.ADMITTED,
        NOON,
        NOON,
        Optional.empty(),
        Optional.of(new SigningRequest.Admission(new Nonce(number), payload, 1, "pay")),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
