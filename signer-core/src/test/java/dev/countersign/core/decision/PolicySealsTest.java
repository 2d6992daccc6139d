package dev.countersign.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Keccak;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class PolicySealsTest {
  private static final PolicyVersion VERSION =
      new PolicyVersion(7, Keccak.hash(new byte[] {1, 2, 3}));

  private final SealKey key = SealKey.random(new SecureRandom());
  private final PolicySeals seals = new PolicySeals(key);

  @Test
  void everyInstanceWithTheKeyKnowsTheSeal() {
    assertThat(new PolicySeals(key).isGenuine(VERSION, seals.seal(VERSION))).isTrue();
  }

  @Test
  void aSealIsGoodForItsOwnNumberAndHashOnly() {
    Bytes seal = seals.seal(VERSION);

    assertThat(seals.isGenuine(new PolicyVersion(8, VERSION.hash()), seal)).isFalse();
    assertThat(seals.isGenuine(new PolicyVersion(7, Keccak.hash(new byte[0])), seal)).isFalse();
    assertThat(seals.isGenuine(VERSION, Bytes.EMPTY)).isFalse();
    assertThat(seals.isGenuine(VERSION, Bytes.of(new byte[seal.size()]))).isFalse();
  }

  @Test
  void aSealUnderAnotherKeyIsNone() {
    PolicySeals stranger = new PolicySeals(SealKey.random(new SecureRandom()));

    assertThat(seals.isGenuine(VERSION, stranger.seal(VERSION))).isFalse();
  }
}
