package dev.countersign.mpc.vole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.mpc.Aborts;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.MalformedElementException;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.ot.ExtensionMessage;
import dev.countersign.mpc.ot.Pair;
import dev.countersign.mpc.transcript.PairId;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VoleTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pair PAIR = Pair.of(Pair.direction());

  private final PairId direction = Pair.direction();
  private final VoleReceiver receiver;

  VoleTest() throws ProtocolAbortException {
    receiver = VoleReceiver.begin(direction, PAIR.receiver(), RANDOM);
  }

  private static Scalar random() {
    return ScalarField.SECP256K1.random(RANDOM);
  }

  private VoleSender.Answered answer(List<Scalar> inputs) throws Exception {
    return VoleSender.answer(direction, PAIR.sender(), receiver.message(), inputs, RANDOM);
  }

  @RepeatedTest(20)
  void sharesAddUpToTheProducts() throws Exception {
    List<Scalar> inputs = List.of(random(), random());
    VoleSender.Answered answered = answer(inputs);
    List<Scalar> shares = receiver.finish(new VoleAnswer(answered.message().bytes()));
    for (int i = 0; i < 2; i++) {
      assertThat(answered.shares().get(i).plus(shares.get(i)))
          .isEqualTo(inputs.get(i).times(receiver.factor()));
    }
  }

  @Test
  void theEdgesOfTheFieldAreNoExceptions() throws Exception {
    Scalar zero = ScalarField.SECP256K1.zero();
    Scalar minusOne = ScalarField.SECP256K1.one().negated();
    VoleSender.Answered answered = answer(List.of(zero, minusOne));
    List<Scalar> shares = receiver.finish(answered.message());
    assertThat(answered.shares().getFirst().plus(shares.getFirst())).isEqualTo(zero);
    assertThat(answered.shares().getLast().plus(shares.getLast()))
        .isEqualTo(receiver.factor().negated());
  }

  @Test
  void everyFactorIsAnother() throws Exception {
    assertThat(VoleReceiver.begin(direction, PAIR.receiver(), RANDOM).factor())
        .isNotEqualTo(receiver.factor());
  }

  @ParameterizedTest
  @CsvSource({
    "nonce, 0", "first row, 63", "row of the second input, 24607", "row of the check, 40000",
    "last row, 49183", "eta, 49200", "mu, 49216", "mu, 49247"
  })
  void anyAlteredByteBansItsSender(String field, int at) throws Exception {
    byte[] answer = answer(List.of(random(), random())).message().bytes();
    answer[at] ^= 1;
    Aborts.banning(Reason.BAD_PROOF, new Party(2), () -> receiver.finish(new VoleAnswer(answer)));
  }

  /// Selective failure: an altered row would tell the choice bit by whether the check fails. It
  /// fails for either bit, since the challenge is over all rows.
  @Test
  void everyAlteredRowBansWhateverItsChoiceBit() throws Exception {
    byte[] right = answer(List.of(random(), random())).message().bytes();
    for (int row = 0; row < 512; row += 37) {
      byte[] answer = right.clone();
      answer[32 + row * 32 + 31] ^= 1;
      Aborts.banning(Reason.BAD_PROOF, new Party(2), () -> receiver.finish(new VoleAnswer(answer)));
    }
  }

  @Test
  void inputsThatDifferBetweenRowsBan() throws Exception {
    byte[] one = answer(List.of(random(), random())).message().bytes();
    byte[] other = answer(List.of(random(), random())).message().bytes();
    System.arraycopy(other, 32, one, 32, 32 * 100);
    Aborts.banning(Reason.BAD_PROOF, new Party(2), () -> receiver.finish(new VoleAnswer(one)));
  }

  @Test
  void anAnswerToAnotherSessionBans() throws Exception {
    PairId other = Pair.direction();
    VoleReceiver stranger = VoleReceiver.begin(other, PAIR.receiver(), RANDOM);
    VoleAnswer replayed =
        VoleSender.answer(
                other, PAIR.sender(), stranger.message(), List.of(random(), random()), RANDOM)
            .message();
    Aborts.banning(Reason.BAD_PROOF, new Party(2), () -> receiver.finish(replayed));
  }

  @Test
  void aRequestThatIsAlteredBansItsSender() {
    byte[] request = receiver.message().bytes();
    request[3000] ^= 1;
    Aborts.banning(
        Reason.BAD_PROOF,
        new Party(1),
        () ->
            VoleSender.answer(
                direction,
                PAIR.sender(),
                new ExtensionMessage(request),
                List.of(random(), random()),
                RANDOM));
  }

  @Test
  void anAnswerThatIsNoneIsRefused() throws Exception {
    byte[] right = answer(List.of(random(), random())).message().bytes();
    byte[] notReduced = right.clone();
    Arrays.fill(notReduced, 32, 64, (byte) 0xff);
    byte[] eta = right.clone();
    Arrays.fill(eta, 49184, 49216, (byte) 0xff);
    for (byte[] bytes :
        List.of(notReduced, eta, Arrays.copyOf(right, 49247), new byte[0], new byte[49249])) {
      assertThatThrownBy(() -> new VoleAnswer(bytes)).isInstanceOf(MalformedElementException.class);
    }
    assertThat(right).hasSize(32 + 49_152 + 32 + 32);
  }
}
