package dev.countersign.mpc.keygen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.keygen.Ceremony.Result;
import dev.countersign.mpc.share.Polynomial;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Whatever a dealer sends, what comes of it at others is the protocol's own error, and it names
/// the dealer.
class DealingMessagesPropertyTest {
  private static final Party CHEAT = new Party(2);

  /// In an opening, after its form, hiding number and chain code.
  private static final int COUNT_AT = 2 + 32 + 32;

  private static final int SECOND_AT = COUNT_AT + 1 + 33;

  private final DealingPlan<Secp256k1Point> plan = assertPlan();
  private final byte[] opening = opening();

  private static DealingPlan<Secp256k1Point> assertPlan() {
    try {
      return Ceremony.generation(Secp256k1Group.INSTANCE, 2, 2);
    } catch (ProtocolAbortException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] opening() {
    Scalar constant = plan.group().scalars().random(Ceremony.RANDOM);
    try (Polynomial polynomial = Polynomial.of(constant, 2, Ceremony.RANDOM)) {
      return Opening.of(plan, CHEAT, polynomial, Ceremony.RANDOM).encode();
    }
  }

  @Property(tries = 30)
  void anyBytesInAnyRound(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 4) int at)
      throws ProtocolAbortException {
    Map<Party, Result<Secp256k1Point>> results =
        Ceremony.run(
            plan,
            Map.of(),
            (round, from, to, message) -> round == at && from.equals(CHEAT) ? bytes : message);
    ProtocolAbortException abort =
        Optional.ofNullable(results.get(new Party(1))).orElseThrow().aborted();
    assertThat(abort.reason()).isEqualTo(Reason.MALFORMED);
    assertThat(abort.culprit()).hasValue(CHEAT);
  }

  /// What is not refused by itself is another commitment to the other coefficient: that the shares
  /// do not go with, and neither does the commitment to the opening.
  @Property(tries = 300)
  void changedOpenings(
      @ForAll @IntRange(min = COUNT_AT, max = 676) int place,
      @ForAll @IntRange(min = 1, max = 255) int by,
      @ForAll @IntRange(min = -3, max = 3) int longer) {
    byte[] changed = Arrays.copyOf(opening, opening.length + longer);
    changed[Math.min(place, changed.length - 1)] ^= (byte) by;
    try {
      Opening.read(plan, CHEAT, changed);
      assertThat(longer).isZero();
      assertThat(place).isBetween(SECOND_AT, SECOND_AT + 32);
    } catch (ProtocolAbortException abort) {
      assertThat(abort.culprit()).hasValue(CHEAT);
    }
    assertThat(Opening.commitment(plan.session(), CHEAT, changed))
        .isNotEqualTo(Opening.commitment(plan.session(), CHEAT, opening));
  }
}
