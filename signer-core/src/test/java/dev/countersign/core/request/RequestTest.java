package dev.countersign.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestTest {
  private static final IdempotencyKey KEY = new IdempotencyKey(new ClientId("desk"), "order-1");
  private static final Address TO = new Address("0x" + "11".repeat(20));

  @ParameterizedTest
  @EnumSource
  void everyStateIsReachedAndEveryRequestCanEnd(RequestState state) {
    Set<RequestState> reached = new HashSet<>(Set.of(state));
    for (int step = 0; step < RequestState.values().length; step++) {
      reached.addAll(reached.stream().flatMap(from -> from.next().stream()).toList());
    }
    assertThat(reached).anyMatch(RequestState::isEnd);
    if (state != RequestState.RECEIVED) {
      assertThat(RequestState.values()).anyMatch(from -> from.mayBecome(state));
    }
  }

  /// Once bytes are signed, the nonce may be used: a request that was signed never goes back.
  @ParameterizedTest
  @EnumSource(names = {"SIGNED", "BROADCAST", "CONFIRMED"})
  void nothingSignedIsEverDeniedOrSignedAgain(RequestState state) {
    assertThat(state.next())
        .doesNotContain(
            RequestState.DENIED, RequestState.ADMITTED, RequestState.SIGNED, RequestState.EXPIRED);
  }

  @Test
  void digestChangesWithEveryField() {
    RequestContent content = content("hot-1", 1, new Intent.NativeTransfer(TO, Wei.of(5)));
    Fees fees = new Fees(Wei.of(1), Wei.of(2), GasLimit.TRANSFER);
    assertThat(
            Set.of(
                content.digest(KEY),
                content.digest(new IdempotencyKey(KEY.client(), "order-2")),
                content.digest(new IdempotencyKey(new ClientId("other"), "order-1")),
                content("hot-2", 1, content.intent()).digest(KEY),
                content("hot-1", 2, content.intent()).digest(KEY),
                content("hot-1", 1, new Intent.NativeTransfer(TO, Wei.of(6))).digest(KEY),
                new RequestContent(
                        content.wallet(), content.chain(), content.intent(), Optional.of(fees))
                    .digest(KEY),
                byMarket(content, "normal/-/-").digest(KEY),
                byMarket(content, "normal/5/-").digest(KEY),
                byMarket(content, "-/5/-").digest(KEY)))
        .hasSize(10);
    assertThat(content.digest(KEY)).isEqualTo(content.digest(KEY));
  }

  @Test
  void laterIdsSortLater() {
    Random random = new Random(7);
    SigningRequestId earlier =
        SigningRequestId.next(InstantSource.fixed(Instant.ofEpochMilli(1_000)), random);
    SigningRequestId later =
        SigningRequestId.next(InstantSource.fixed(Instant.ofEpochMilli(1_001)), random);
    assertThat(earlier).isLessThan(later);
    assertThat(earlier.value().version()).isEqualTo(7);
    assertThat(earlier.value().variant()).isEqualTo(2);
  }

  private static RequestContent byMarket(RequestContent content, String choice) {
    return new RequestContent(
        content.wallet(),
        content.chain(),
        content.intent(),
        FeeChoice.ByMarket.parse(choice),
        Optional.empty());
  }

  private static RequestContent content(String wallet, long chain, Intent intent) {
    return new RequestContent(
        new WalletId(wallet), ChainId.ofEip155(chain), intent, Optional.empty());
  }
}
