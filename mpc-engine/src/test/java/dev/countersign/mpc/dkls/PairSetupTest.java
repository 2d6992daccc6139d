package dev.countersign.mpc.dkls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Aborts;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ot.ReceiverSeeds;
import dev.countersign.mpc.transcript.SessionId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PairSetupTest {
  private static final Party ONE = new Party(1);
  private static final Party TWO = new Party(2);

  private final SessionId session = Committee.session();
  private final PairSetupFirstRound one =
      PairSetupFirstRound.begin(session, ONE, TWO, Committee.RANDOM);
  private final PairSetupFirstRound two =
      PairSetupFirstRound.begin(session, TWO, ONE, Committee.RANDOM);

  @Test
  void bothHaveTheSameZeroSeedAndOtherOneWithEachPeer() throws Exception {
    PairSetup own = Committee.setup(ONE, TWO);
    assertThat(own.zeroSeed()).isEqualTo(Committee.setup(TWO, ONE).zeroSeed());
    assertThat(own.zeroSeed()).isNotEqualTo(Committee.setup(ONE, new Party(3)).zeroSeed());
    assertThat(own).hasToString("the setup of party 1 with party 2");
  }

  /// The same choice bits for all senders would let two of them find out all bits together.
  @Test
  void choiceBitsAreOthersWithEachPeer() throws Exception {
    byte[] first = choiceBits(Committee.setup(ONE, TWO));
    byte[] second = choiceBits(Committee.setup(ONE, new Party(3)));
    assertThat(first).isNotEqualTo(second).isNotEqualTo(new byte[16]);
  }

  private static byte[] choiceBits(PairSetup setup) throws ProtocolAbortException {
    int at = 36 + ReceiverSeeds.BYTES;
    return Arrays.copyOfRange(setup.encode(), at, at + 16);
  }

  @Test
  void anAlteredTreeOfThePeersBans() throws Exception {
    PairSetupSecondRound second = one.receive(two.message());
    byte[] message = two.receive(one.message()).message();
    message[36 + 64] ^= 1;
    Aborts.banning(Reason.BAD_PROOF, TWO, () -> second.finish(message));
    Aborts.withoutBan(Reason.REUSE, Optional.empty(), () -> second.finish(message));
  }

  /// The key that arrives is another than the one that was sent, so that no pads are the same.
  @Test
  void anotherKeyOfTheBaseOtsBans() throws Exception {
    byte[] altered = two.message();
    System.arraycopy(one.message(), 36, altered, 36, 33);
    PairSetupSecondRound second = one.receive(altered);
    byte[] message = two.receive(one.message()).message();
    Aborts.banning(Reason.BAD_PROOF, TWO, () -> second.finish(message));
  }

  @Test
  void aZeroSeedThatWasNotCommittedToIsRefused() throws Exception {
    PairSetupSecondRound second = one.receive(two.message());
    byte[] message = two.receive(one.message()).message();
    message[message.length - 1] ^= 1;
    Aborts.withoutBan(Reason.BAD_PROOF, Optional.of(TWO), () -> second.finish(message));
  }

  @Test
  void messagesOfAnotherSessionPeerOrDirectionAreRefusedAndTheRoundGoesOn() throws Exception {
    for (byte[] other :
        List.of(
            one.message(),
            PairSetupFirstRound.begin(Committee.session(), TWO, ONE, Committee.RANDOM).message(),
            PairSetupFirstRound.begin(session, TWO, new Party(3), Committee.RANDOM).message(),
            PairSetupFirstRound.begin(session, new Party(3), ONE, Committee.RANDOM).message())) {
      Aborts.withoutBan(Reason.MISMATCH, Optional.empty(), () -> one.receive(other));
    }
    assertThat(one.receive(two.message()).message()).isNotEmpty();
  }
}
