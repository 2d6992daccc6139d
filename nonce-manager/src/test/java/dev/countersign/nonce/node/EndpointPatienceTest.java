package dev.countersign.nonce.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Bytes;
import dev.countersign.nonce.chain.ChainEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How long a node may let nothing be heard.
@Timeout(30)
class EndpointPatienceTest extends OnFakeNodes {
  /// As many sends as are claimed at once, in batches as small as some providers have them.
  @ParameterizedTest
  @ValueSource(ints = {20, 100})
  void patienceIsNotForEachBatchOfALargeCall(int batch) {
    RpcCall send = RpcCall.sendRawTransaction(Bytes.fromHex("0x02"));
    second.answer(send.method(), "\"result\": \"0x2\"");
    NodePool pool =
        pool(
            PATIENT,
            List.of(
                new ChainEndpoint(first.url(), OptionalInt.of(batch)),
                ChainEndpoint.of(second.url())));
    assertThat(count(pool)).isEqualTo(1);
    first.slow(Duration.ofSeconds(20));
    Instant start = Instant.now();
    assertThat(pool.callOne(Collections.nCopies(200, send)).answers())
        .hasSize(200)
        .allMatch(RpcAnswer.Result.class::isInstance);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void aNodeThatGoesOnAnsweringIsWaitedFor() {
    NodePool pool =
        pool(
            new NodeSettings(
                Duration.ofSeconds(2),
                Duration.ofSeconds(8),
                Duration.ofSeconds(2),
                1,
                Duration.ofMillis(500),
                Duration.ofSeconds(2)),
            first.url(),
            second.url());
    assertThat(count(pool)).isEqualTo(1);
    first.slow(Duration.ofMillis(250));
    assertThat(pool.results(Collections.nCopies(4, COUNT)))
        .extracting(result -> result.stringValue())
        .containsOnly("0x1");
    assertThat(second.calls()).isEmpty();
  }
}
