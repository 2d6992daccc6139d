package dev.countersign.nonce.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Nonce;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneStateTest {
  @Test
  void givesTheNextNonceWhenNoneWasReleased() {
    LaneState lane = LaneState.opened(new Nonce(7));
    assertThat(lane.lowest()).isEqualTo(new Nonce(7));
    assertThat(lane.taken().lowest()).isEqualTo(new Nonce(8));
  }

  @Test
  void givesTheLowestReleasedNonceFirst() {
    LaneState lane = LaneState.opened(new Nonce(9)).released(new Nonce(5)).released(new Nonce(3));
    assertThat(lane.lowest()).isEqualTo(new Nonce(3));
    assertThat(lane.taken().lowest()).isEqualTo(new Nonce(5));
    assertThat(lane.taken().taken().lowest()).isEqualTo(new Nonce(9));
  }

  @Test
  void refusesToReleaseWhatNobodyOwns() {
    LaneState lane = LaneState.opened(new Nonce(9)).released(new Nonce(5));
    assertThatThrownBy(() -> lane.released(new Nonce(5)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> lane.released(new Nonce(9)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LaneState(new Nonce(1), List.of(new Nonce(0), new Nonce(0))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
