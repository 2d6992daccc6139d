package dev.countersign.nonce.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.nonce.lane.LaneGaps;
import dev.countersign.nonce.lane.LaneGaps.Gap;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.NonceBench;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is signed above a nonce that was given back, and who is told of it.
@WithTestEnvironment
@Timeout(60)
class GapAlarmIT {
  private final ChainId chainId;
  private final NonceBench bench;
  private final Instance instance;
  private final TestAccount account = new TestAccount("gap alarm");
  private final Lane lane;
  private final GapAlarm alarm;
  private final LaneGaps gauge;
  private Instant now = Instant.parse("2026-11-24T12:00:00Z");

  GapAlarmIT(PostgresDatabase database, DevChain chain) {
    this.chainId = ChainId.ofEip155(chain.chainId());
    this.bench = new NonceBench(database, chainId, List.of(chain.rpcUrl()), 1);
    this.instance = bench.instance();
    this.lane = new Lane(chainId, account.address());
    this.alarm = new GapAlarm(instance.unitOfWork(), chainId, () -> now);
    this.gauge = new LaneGaps(instance.unitOfWork(), () -> now);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void whatWaitsForANonceThatNobodyOwnsIsToldAndToldAgain() {
    List<Owned> owned = instance.admit(lane, 4);
    release(owned.get(3));
    release(owned.getFirst());
    look();
    assertThat(count()).as("nothing signed waits for either").isZero();

    instance.settle(account, owned.subList(1, 3));
    var gap = new Gap(lane, new Nonce(0), 2, false);
    assertThat(alarm.look()).as("the next request may fill it").isEmpty();
    now = now.plus(GapAlarm.PATIENCE);
    assertThat(count()).isOne();
    assertThat(alarm.look()).containsExactly(gap);
    assertThat(alarm.look()).isEmpty();
    now = now.plus(GapAlarm.AGAIN);
    assertThat(alarm.look()).containsExactly(gap);
    alarm.forget();
    assertThat(alarm.look()).isEmpty();

    assertThat(instance.admit(lane, 1).getFirst().nonce()).isEqualTo(new Nonce(0));
    now = now.plus(GapAlarm.AGAIN);
    look();
    assertThat(count()).isZero();
    assertThat(new LaneGaps(instance.unitOfWork(), () -> now).count(ChainId.ofEip155(9_999)))
        .isZero();
  }

  @Test
  void saysThatOnlyBlobsFillTheGapBelowBlobs() {
    Owned first = instance.admitBlobs(lane);
    Owned second = instance.admitBlobs(lane);
    instance.settle(second, Instance.signedBlobs(account, second));
    release(first);
    look();
    now = now.plus(GapAlarm.PATIENCE);
    assertThat(alarm.look()).containsExactly(new Gap(lane, first.nonce(), 1, true));
  }

  private void look() {
    assertThat(alarm.look()).isEmpty();
  }

  private long count() {
    return gauge.count(chainId);
  }

  private void release(Owned owned) {
    instance.unitOfWork().run(t -> instance.ledger().release(t, Set.of(owned.request())));
  }
}
