package dev.countersign.server.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.NoncePayloads.Payload;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class RequestAnswersTest {
  private static final Instant AT = Instant.parse("2026-11-23T06:00:00Z");
  private static final SigningRequestId ID =
      SigningRequestId.parse("0193576e-7c00-7000-8000-000000000001");
  private static final Address PAYEE = new Address("0x" + "bb".repeat(20));
  private static final ChainId CHAIN = ChainId.ofEip155(1);
  private static final SignedTransaction FIRST = new SignedTransaction(Bytes.fromHex("0x01"));
  private static final SignedTransaction SECOND = new SignedTransaction(Bytes.fromHex("0x02"));

  @Test
  void theHashIsThatOfWhatIsSentAndThenOfWhatIsMined() {
    ObjectNode sent = RequestAnswers.describe(request(), payloads(false, false));
    assertThat(sent.path("transactionHash").stringValue()).isEqualTo(SECOND.hash().hex());
    assertThat(sent.path("transactionHashes").values())
        .extracting(hash -> hash.stringValue())
        .containsExactly(FIRST.hash().hex(), SECOND.hash().hex());
    assertThat(hash(payloads(true, false))).isEqualTo(FIRST.hash().hex());
    assertThat(hash(payloads(false, true))).isEqualTo(SECOND.hash().hex());
    assertThat(hash(Optional.empty())).isEqualTo(FIRST.hash().hex());
  }

  @Test
  void aCallThatIsMadeAgainAnswersTheHashThatCounts() {
    SigningRequest sent = request(RequestState.BROADCAST);
    assertThat(RequestAnswers.of(sent, payloads(false, false)).stringValue())
        .isEqualTo(SECOND.hash().hex());
    assertThat(RequestAnswers.of(sent, payloads(true, false)).stringValue())
        .isEqualTo(FIRST.hash().hex());
    assertThat(RequestAnswers.of(sent, Optional.empty()).stringValue())
        .isEqualTo(FIRST.hash().hex());
  }

  /// Its hash is a receipt for nothing: whoever waits for it takes the payment for made.
  @Test
  void aCancellationThatIsSentIsNoAnswerForThePayment() {
    Optional<NoncePayloads> open = cancelled(false, false);
    RpcError error = refused(RequestState.BROADCAST, open);
    assertThat(error.code()).isEqualTo(RpcError.PENDING);
    assertThat(error.message())
        .contains("its cancellation " + SECOND.hash().hex(), "either may be mined");
    assertThat(error.data())
        .hasValue(RequestAnswers.describe(request(RequestState.BROADCAST), open));
    assertCancellationIsTold(error);
    assertThat(refused(RequestState.SIGNED, open).code()).isEqualTo(RpcError.PENDING);
  }

  @Test
  void aCancellationThatIsMinedIsARejection() {
    RpcError young = refused(RequestState.BROADCAST, cancelled(false, true));
    assertThat(young.code()).isEqualTo(RpcError.REJECTED);
    assertThat(young.message())
        .contains("its cancellation " + SECOND.hash().hex(), "until it is CANCELLED");
    assertCancellationIsTold(young);
    RpcError deep = refused(RequestState.CANCELLED, cancelled(false, true));
    assertThat(deep.code()).isEqualTo(RpcError.REJECTED);
    assertThat(deep.data().orElseThrow().path("state").stringValue()).isEqualTo("CANCELLED");
    assertCancellationIsTold(deep);
  }

  @Test
  void anOriginalThatIsMinedAlthoughACancellationWasSignedIsTheAnswer() {
    for (RequestState state : List.of(RequestState.BROADCAST, RequestState.CONFIRMED)) {
      assertThat(RequestAnswers.of(request(state), cancelled(true, false)).stringValue())
          .as("%s", state)
          .isEqualTo(FIRST.hash().hex());
    }
  }

  /// It is what was mined that is sent again then, whatever was signed after it.
  @Test
  void whatAChainTakesBackAfterItsRequestEndedDecidesStill() {
    Optional<NoncePayloads> none = cancelled(false, false);
    assertThat(RequestAnswers.of(request(RequestState.CONFIRMED), none).stringValue())
        .isEqualTo(FIRST.hash().hex());
    assertThat(RequestAnswers.of(request(RequestState.FAILED), none).stringValue())
        .isEqualTo(FIRST.hash().hex());
    assertCancellationIsTold(refused(RequestState.CANCELLED, none));
  }

  @Test
  void whatWaitsIsFoundAgainByItsOwnNameAlsoWhereTheCallHadNone() {
    assertThat(refused(RequestState.PENDING_APPROVAL, Optional.empty()).message())
        .contains("call again with Idempotency-Key order/7");
  }

  @Test
  void whatLostItsNonceToAStrangerIsNoAnswerWithAHash() {
    assertThatThrownBy(
            () -> RequestAnswers.of(request(RequestState.REPLACED), payloads(false, false)))
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> {
              assertThat(e.error().code()).isEqualTo(RpcError.REJECTED);
              assertThat(e.error().data())
                  .hasValue(
                      RequestAnswers.describe(
                          request(RequestState.REPLACED), payloads(false, false)));
            });
  }

  private static RpcError refused(RequestState state, Optional<NoncePayloads> payloads) {
    return assertThatExceptionOfType(RpcException.class)
        .isThrownBy(() -> RequestAnswers.of(request(state), payloads))
        .actual()
        .error();
  }

  private static void assertCancellationIsTold(RpcError error) {
    JsonNode data = error.data().orElseThrow();
    assertThat(data.path("transactionHash").stringValue()).isEqualTo(SECOND.hash().hex());
    assertThat(data.path("transactionHashes").values())
        .extracting(hash -> hash.stringValue())
        .containsExactly(FIRST.hash().hex(), SECOND.hash().hex());
  }

  private static String hash(Optional<NoncePayloads> payloads) {
    return RequestAnswers.describe(request(), payloads).path("transactionHash").stringValue();
  }

  /// An original, a speed-up of it, and one that is just being signed.
  private static Optional<NoncePayloads> payloads(boolean firstMined, boolean secondMined) {
    return payloads(PayloadPurpose.SPEED_UP, firstMined, secondMined);
  }

  /// An original, its cancellation, and another that is just being signed.
  private static Optional<NoncePayloads> cancelled(boolean firstMined, boolean secondMined) {
    return payloads(PayloadPurpose.CANCELLATION, firstMined, secondMined);
  }

  private static Optional<NoncePayloads> payloads(
      PayloadPurpose second, boolean firstMined, boolean secondMined) {
    return Optional.of(
        new NoncePayloads(
            ID,
            new Lane(CHAIN, PAYEE),
            new Nonce(3),
            firstMined || secondMined ? NoncePayloads.State.MINED : NoncePayloads.State.OPEN,
            List.of(
                payload(0, PayloadPurpose.ORIGINAL, Optional.of(FIRST), firstMined),
                payload(1, second, Optional.of(SECOND), secondMined),
                payload(2, second, Optional.empty(), false)),
            BigInteger.ONE,
            false,
            Optional.empty()));
  }

  private static Payload payload(
      int ordinal, PayloadPurpose purpose, Optional<SignedTransaction> signed, boolean mined) {
    return new Payload(
        ordinal, purpose, Optional.empty(), signed, AT, signed.map(_ -> AT), false, mined);
  }

  private static SigningRequest request() {
    return request(RequestState.BROADCAST);
  }

  private static SigningRequest request(RequestState state) {
    IdempotencyKey key = new IdempotencyKey(new ClientId("desk"), "order/7");
    RequestContent content =
        new RequestContent(
            new WalletId("hot-1"),
            CHAIN,
            new Intent.NativeTransfer(PAYEE, Wei.of(1)),
            Optional.empty());
    return new SigningRequest(
        ID,
        key,
        content.digest(key),
        content,
        Optional.empty(),
        state,
        AT,
        AT,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(FIRST.hash()),
        Optional.empty(),
        Optional.empty());
  }
}
