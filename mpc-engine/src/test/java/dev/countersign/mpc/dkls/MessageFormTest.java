package dev.countersign.mpc.dkls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.transcript.SessionId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Golden bytes of what is sent and stored, and that nothing else is read.
class MessageFormTest {
  private static final Party ONE = new Party(1);
  private static final Party TWO = new Party(2);

  private interface Reading {
    Object read(byte[] bytes) throws ProtocolAbortException;
  }

  private static String golden(byte[] bytes) {
    return bytes.length + " " + HexFormat.of().formatHex(CountingRandom.sha256(bytes));
  }

  @Test
  void messagesAreTheBytesThatTheyWere() throws Exception {
    CountingRandom random = new CountingRandom(1);
    SessionId session = Committee.session(new byte[32]);
    PairSetupFirstRound firstOne = PairSetupFirstRound.begin(session, ONE, TWO, random);
    PairSetupFirstRound firstTwo = PairSetupFirstRound.begin(session, TWO, ONE, random);
    PairSetupSecondRound one = firstOne.receive(firstTwo.message());
    PairSetupSecondRound two = firstTwo.receive(firstOne.message());
    PairSetup setupOne = one.finish(two.message());
    PairSetup setupTwo = two.finish(one.message());
    Committee committee = Committee.of(2, 2, random);
    SigningFirstRound signOne = begin(committee, session, ONE, setupOne, random);
    SigningFirstRound signTwo = begin(committee, session, TWO, setupTwo, random);
    byte[] first = Committee.get(signOne.messages(), TWO);
    SigningSecondRound secondOne =
        signOne.receive(Map.of(TWO, Committee.get(signTwo.messages(), ONE)));
    SigningSecondRound secondTwo = signTwo.receive(Map.of(ONE, first));
    Presignature presignature =
        secondOne.receive(Map.of(TWO, Committee.get(secondTwo.messages(), ONE)));
    assertThat(
            List.of(
                golden(firstOne.message()),
                golden(one.message()),
                golden(setupOne.encode()),
                golden(PairSetup.decode(setupOne.encode()).encode()),
                golden(first),
                golden(Committee.get(secondOne.messages(), TWO)),
                golden(presignature.sign(new byte[32], SigningRun.NOTED).message())))
        .containsExactly(
            "8549 c716371296af24c1dfe9b7ffa6e6d3c952eaa719eb20b41b0f83d50f5ce923d1",
            "6276 179d9cf537c510c1b3337f3ef85ee10ebf571652b2c640a356e3e4254d786c6c",
            "7252 4249d6f3296ffada6154244a3434e29d5d95f0b91a8d5786ea5a6bb0b772dd9d",
            "7252 4249d6f3296ffada6154244a3434e29d5d95f0b91a8d5786ea5a6bb0b772dd9d",
            "7284 b80bc378c38c659bbcd01dfedcd01d27f0c9553749f4951cb40ec0ba60564bb9",
            "49480 fb6fbaf0d12b806e45397c77ef4cdfa6d095b70fa4f917905eac97853a3d94eb",
            "132 92e24a1f7294473eb013d7b69620ede79e2149c7abb2a174c941fda20752026c");
  }

  private static SigningFirstRound begin(
      Committee committee, SessionId session, Party own, PairSetup setup, CountingRandom random)
      throws ProtocolAbortException {
    return SigningFirstRound.begin(
        new SigningPlan(
            session,
            Committee.get(committee.shares, own),
            ScalarField.SECP256K1.zero(),
            Party.first(2),
            List.of(setup),
            BanLedger.EMPTY),
        random);
  }

  /// Whatever is done to the bytes, a round reads what is right or throws its own error.
  private static void strict(byte[] right, Reading reading) {
    refused(new byte[0], reading);
    for (int length : new int[] {1, 2, 35, 36, 67, right.length - 1}) {
      refused(Arrays.copyOf(right, length), reading);
    }
    refused(Arrays.copyOf(right, right.length + 1), reading);
    for (int at = 0; at < 36; at++) {
      byte[] header = right.clone();
      header[at] ^= 8;
      refused(header, reading);
    }
    byte[] noise = new byte[right.length];
    Committee.RANDOM.nextBytes(noise);
    refused(noise, reading);
    System.arraycopy(right, 0, noise, 0, 36);
    Arrays.fill(noise, 36, noise.length, (byte) 0xff);
    assertThatExceptionOfType(ProtocolAbortException.class).isThrownBy(() -> reading.read(noise));
  }

  private static void refused(byte[] bytes, Reading reading) {
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(() -> reading.read(bytes))
        .satisfies(
            abort -> {
              assertThat(abort.reason()).isIn(Reason.MALFORMED, Reason.MISMATCH);
              assertThat(abort.bansCulprit()).isFalse();
            });
  }

  @Test
  void messagesOfSigningAreReadStrictly() throws Exception {
    SigningRun run = SigningRun.of(Committee.of(2, 2), SigningRun.HONEST);
    strict(
        Committee.get(Committee.get(run.firstMessages(), ONE), TWO),
        bytes -> Committee.get(run.first, ONE).receive(Map.of(TWO, bytes)));
    SigningRun second = SigningRun.of(Committee.of(2, 2), SigningRun.HONEST).toSecond();
    strict(
        Committee.get(Committee.get(second.secondMessages(), ONE), TWO),
        bytes -> Committee.get(second.second, ONE).receive(Map.of(TWO, bytes)));
    SigningRun third = SigningRun.of(Committee.of(2, 2), SigningRun.HONEST).toThird(new byte[32]);
    strict(
        Committee.get(Committee.get(third.thirdMessages(), ONE), TWO),
        bytes -> Committee.get(third.third, ONE).finish(Map.of(TWO, bytes)));
  }

  @Test
  void messagesOfSetupAreReadStrictly() throws Exception {
    SessionId session = Committee.session();
    PairSetupFirstRound one = PairSetupFirstRound.begin(session, ONE, TWO, Committee.RANDOM);
    PairSetupFirstRound two = PairSetupFirstRound.begin(session, TWO, ONE, Committee.RANDOM);
    strict(two.message(), one::receive);
    PairSetupFirstRound again = PairSetupFirstRound.begin(session, ONE, TWO, Committee.RANDOM);
    PairSetupSecondRound second = again.receive(two.message());
    byte[] message = two.receive(again.message()).message();
    strict(message, second::finish);
  }

  @Test
  void aStoredSetupIsReadStrictly() throws Exception {
    byte[] right = Committee.setup(ONE, TWO).encode();
    for (byte[] bytes :
        List.of(
            new byte[0],
            Arrays.copyOf(right, right.length - 1),
            Arrays.copyOf(right, right.length + 1))) {
      refused(bytes, PairSetup::decode);
    }
    byte[] same = right.clone();
    same[35] = same[34];
    refused(same, PairSetup::decode);
    byte[] none = right.clone();
    none[34] = 0;
    refused(none, PairSetup::decode);
  }
}
