package dev.countersign.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.ClientId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientRoomTest {
  private static final ClientId DESK = new ClientId("desk");
  private static final ClientId OTHER = new ClientId("other");

  @Test
  void aClientHasAsManyAsItMayAndTakesNothingFromOthers() throws InterruptedException {
    ClientRoom room = new ClientRoom(2);
    assertThat(room.enter(DESK)).isTrue();
    assertThat(room.enter(DESK)).isTrue();
    assertThat(room.enter(DESK)).isFalse();
    assertThat(room.enter(DESK, Duration.ofMillis(10))).isFalse();
    assertThat(room.enter(OTHER)).isTrue();
    room.leave(DESK);
    assertThat(room.enter(DESK)).isTrue();
    assertThat(room.enter(DESK)).as("none has left twice").isFalse();
  }
}
