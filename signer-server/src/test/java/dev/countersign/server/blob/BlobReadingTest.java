package dev.countersign.server.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.AccessList;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.nonce.blob.CkzgProver;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.ShippedChains;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlobReadingTest {
  private static final ChainId ETHEREUM = ChainId.ofEip155(1);
  private static final ClientId DESK = new ClientId("desk");
  private static final ClientId OTHER = new ClientId("other");
  private static final IdempotencyKey AGAIN = new IdempotencyKey(DESK, "again");
  private static final AskedBlobs ONE =
      new AskedBlobs(
          AccessList.NONE,
          List.of(Bytes.of(new byte[4096 * 32])),
          Optional.empty(),
          List.of(),
          List.of(),
          List.of());

  private final ChainDefinitions chains = ChainDefinitions.of(ShippedChains.all());

  @Test
  void aClientWithManyRequestsThatAreNotOverGetsNoMore() {
    var reading =
        new BlobReading(
            chains,
            new CkzgProver(),
            key ->
                key.client().equals(DESK) && !key.equals(AGAIN)
                    ? BlobReading.MOST_WAITING_OF_CLIENT
                    : 63);
    assertThat(refusal(reading.read(key(DESK), ETHEREUM, ONE)))
        .hasValueSatisfying(
            refusal -> {
              assertThat(refusal.code()).isEqualTo(Code.UNAVAILABLE);
              assertThat(refusal.message()).contains("64 requests of desk");
            });
    assertThat(refusal(reading.read(key(OTHER), ETHEREUM, ONE))).isEmpty();
    assertThat(refusal(reading.read(AGAIN, ETHEREUM, ONE))).as("one of the 64").isEmpty();
  }

  @Test
  void aClientThatSendsManyAtOnceLeavesRoomForOthers() throws Exception {
    var inside = new CountDownLatch(8);
    var open = new CountDownLatch(1);
    var prover = new CkzgProver();
    var reading =
        new BlobReading(
            chains,
            (blobs, proofs) -> {
              inside.countDown();
              try {
                open.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return prover.prove(blobs, proofs);
            },
            _ -> 0);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<BlobReading.Outcome> call = () -> reading.read(key(DESK), ETHEREUM, ONE);
      List<Future<BlobReading.Outcome>> eight =
          Stream.generate(() -> threads.submit(call)).limit(8).toList();
      inside.await();
      assertThat(refusal(call.call()))
          .hasValueSatisfying(
              refusal -> assertThat(refusal.message()).contains("too many blobs at once"));
      Future<BlobReading.Outcome> other =
          threads.submit(() -> reading.read(key(OTHER), ETHEREUM, ONE));
      open.countDown();
      assertThat(refusal(other.get())).isEmpty();
      for (Future<BlobReading.Outcome> one : eight) {
        assertThat(refusal(one.get())).isEmpty();
      }
      assertThat(refusal(call.call())).as("there is room again").isEmpty();
    }
  }

  private static IdempotencyKey key(ClientId client) {
    return new IdempotencyKey(client, "new");
  }

  private static Optional<Refusal> refusal(BlobReading.Outcome outcome) {
    return outcome instanceof BlobReading.Outcome.Refused(Refusal refusal)
        ? Optional.of(refusal)
        : Optional.empty();
  }
}
