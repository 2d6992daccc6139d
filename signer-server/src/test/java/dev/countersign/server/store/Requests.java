package dev.countersign.server.store;

import dev.countersign.core.decision.Hold;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.IpAddress;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.TokenAmount;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.Credential;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.Origin;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Requests and moves for tests.
final class Requests {
  static final Instant START = Instant.parse("2026-11-22T10:00:00.000001Z");
  static final Address PAYEE = new Address("0x" + "ab".repeat(20));
  static final Address TOKEN = new Address("0x" + "cd".repeat(20));
  static final Digest32 HASH = Keccak.hash(new byte[] {7});

  private static final SecureRandom RANDOM = new SecureRandom();

  private Requests() {}

  static NewRequest transfer(String client, String requestId, long wei) {
    return request(
        client, requestId, new Intent.NativeTransfer(PAYEE, Wei.of(wei)), Optional.empty());
  }

  private static final Origin ORIGIN =
      new Origin(
          Credential.MUTUAL_TLS,
          Optional.of(IpAddress.parse("2001:db8::1")),
          Set.of("TRADER", "AUDITOR"));

  static NewRequest request(
      String client, String requestId, Intent.OfTransaction intent, Optional<Fees> fees) {
    return request(client, requestId, intent, FeeChoice.of(fees));
  }

  static NewRequest request(String client, String requestId, FeeChoice fees) {
    return request(client, requestId, call(), fees);
  }

  private static NewRequest request(
      String client, String requestId, Intent.OfTransaction intent, FeeChoice fees) {
    IdempotencyKey key = new IdempotencyKey(new ClientId(client), requestId);
    RequestContent content =
        new RequestContent(
            new WalletId("treasury-hot"), ChainId.ofEip155(31337), intent, fees, Optional.empty());
    return new NewRequest(
        SigningRequestId.next(() -> START, RANDOM),
        key,
        content.digest(key),
        content,
        Optional.of(ORIGIN),
        START);
  }

  static Intent.OfTransaction tokenTransfer() {
    BigInteger most = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
    return new Intent.Erc20Transfer(TOKEN, PAYEE, new TokenAmount(most));
  }

  static Intent.OfTransaction call() {
    return new Intent.ContractCall(TOKEN, Wei.of(3), Bytes.fromHex("0xdeadbeef00ff"));
  }

  static Fees fees() {
    return new Fees(Wei.of(1), Wei.of(2_000_000_000), new GasLimit(50_000));
  }

  /// The move of `request` to `state`, `seconds` after the start.
  static RequestMove move(SigningRequestId request, RequestState state, long seconds) {
    Instant at = START.plusSeconds(seconds);
    return switch (state) {
      case ADMITTED ->
          new RequestMove.Admit(
              request,
              at,
              new SigningRequest.Admission(
                  new Nonce(41), Bytes.fromHex("0x02c0"), 3, "allow-payees"));
      case DENIED ->
          new RequestMove.Deny(
              request, at, new SigningRequest.Denial(3, "default-deny", "no rule allows it"));
      case SIGNED -> new RequestMove.Sign(request, at, HASH);
      case BROADCAST -> new RequestMove.Broadcast(request, at);
      case CONFIRMED ->
          new RequestMove.Confirm(
              request, at, new SigningRequest.Inclusion(12, Keccak.hash(new byte[] {8}), true));
      case FAILED -> new RequestMove.Fail(request, at, "the key is gone");
      case PENDING_APPROVAL ->
          new RequestMove.Hold(
              request,
              at,
              new SigningRequest.Holding(
                  Hold.Kind.APPROVALS, 3, "ask-officers", "2 of 3 officers"));
      case RECEIVED, TIME_LOCKED, REJECTED, EXPIRED, CANCELLED, REPLACED, DROPPED ->
          throw new IllegalArgumentException("no move leads to " + state + " yet");
    };
  }
}
