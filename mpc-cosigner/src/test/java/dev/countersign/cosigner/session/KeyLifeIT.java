package dev.countersign.cosigner.session;

import static dev.countersign.cosigner.session.Committee.ALL;
import static dev.countersign.cosigner.session.Committee.assertValid;
import static dev.countersign.cosigner.session.Committee.order;
import static dev.countersign.cosigner.session.Committee.parties;
import static dev.countersign.cosigner.session.Committee.same;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.KeyId;
import dev.countersign.cosigner.session.SessionOutcome.Cause;
import dev.countersign.cosigner.session.SessionOutcome.Failed;
import dev.countersign.cosigner.session.SessionOutcome.KeyReady;
import dev.countersign.cosigner.session.SessionOutcome.Presigned;
import dev.countersign.cosigner.session.SessionOutcome.Settled;
import dev.countersign.cosigner.testing.CosignerHome;
import dev.countersign.cosigner.testing.TestKeys;
import dev.countersign.cosigner.wire.FieldWriter;
import dev.countersign.mpc.Party;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Crashes, old copies, cheats and refreshes of three cosigners.
@WithTestEnvironment
@Timeout(180)
class KeyLifeIT {
  private static final KeyId TREASURY = new KeyId("treasury");

  private final SoftHsmToken token;
  @TempDir private Path directory;
  private Committee committee;

  @SuppressWarnings("NullAway.Init")
  KeyLifeIT(SoftHsmToken token) {
    this.token = token;
  }

  @BeforeEach
  void open() {
    committee = new Committee(token, directory, new SessionLimits(2, 4, Duration.ofMinutes(1)));
  }

  @AfterEach
  void close() {
    committee.close();
  }

  private KeyReady refresh() {
    return (KeyReady) same(committee.run(TREASURY, ALL, new Work.Refresh()));
  }

  private void signs(int... signers) {
    assertValid(committee.sign(order(TREASURY, "pay"), parties(signers)), order(TREASURY, "pay"));
  }

  private Cause fails(Party who, Map<Party, SessionOutcome> outcomes) {
    assertThat(Committee.of(outcomes, who)).as("%s", outcomes).isInstanceOf(Failed.class);
    return ((Failed) Committee.of(outcomes, who)).cause();
  }

  private Map<Party, SessionOutcome> attempt(int... signers) {
    return committee.run(TREASURY, parties(signers), new Work.Sign(order(TREASURY, "pay")));
  }

  @Test
  void refreshDiscardsPresignaturesAndKeepsTheKey() {
    KeyReady made = committee.generate(TREASURY);
    Bytes id =
        ((Presigned) same(committee.run(TREASURY, parties(1, 2), new Work.Presign(List.of()))))
            .id();
    KeyReady next = refresh();
    assertThat(next.epoch()).isEqualTo(1);
    assertThat(next.publicKey()).isEqualTo(made.publicKey());
    assertThat(next.chainCode()).isEqualTo(made.chainCode());
    assertThat(committee.node(1).presignatures()).isZero();
    Map<Party, SessionOutcome> outcomes =
        committee.run(TREASURY, parties(1, 2), new Work.SignPresigned(id, order(TREASURY, "pay")));
    assertThat(fails(new Party(1), outcomes)).isEqualTo(Cause.UNKNOWN);
    signs(1, 2);
    ALL.forEach(committee::restart);
    signs(2, 3);
  }

  @Test
  void presignaturesAreGoneAfterAStart() {
    committee.generate(TREASURY);
    Bytes id =
        ((Presigned) same(committee.run(TREASURY, parties(1, 2), new Work.Presign(List.of()))))
            .id();
    committee.restart(new Party(1));
    assertThat(
            fails(
                new Party(1),
                committee.run(
                    TREASURY, parties(1, 2), new Work.SignPresigned(id, order(TREASURY, "pay")))))
        .isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void oneThatIsGoneIsReplacedInTheNextAttempt() {
    committee.generate(TREASURY);
    Party gone = new Party(2);
    for (int dies = 0; dies < 5; dies++) {
      Map<Party, Cosigner> some = new TreeMap<>(committee.nodes);
      some.put(gone, new Dying(committee.node(2), dies));
      Map<Party, SessionOutcome> outcomes =
          new SessionRelay(some)
              .run(
                  new SessionProposal(
                      Bytes.of(TestKeys.random32()),
                      TREASURY,
                      parties(1, 2),
                      new Work.Sign(order(TREASURY, "pay"))));
      assertThat(fails(gone, outcomes)).isEqualTo(Cause.UNAVAILABLE);
      signs(1, 3);
      committee.restart(gone);
    }
    signs(1, 2);
  }

  @Test
  void anOldCopySignsNothingBeforeARefresh() {
    committee.generate(TREASURY);
    CosignerHome home = Committee.of(committee.homes, new Party(3));
    home.takeImage();
    signs(1, 3);
    home.putBackImage();
    committee.restart(new Party(3));
    assertThat(fails(new Party(3), attempt(1, 3))).isEqualTo(Cause.RESTORED);
    signs(1, 2);
    refresh();
    signs(1, 3);
  }

  @Test
  void whoCheatsIsBannedForGoodAndTheOthersGoOn() {
    committee.generate(TREASURY);
    corruptSetupOfTwoWithOne();
    Map<Party, SessionOutcome> outcomes = attempt(1, 2);
    assertThat(outcomes.values()).allMatch(Failed.class::isInstance);
    assertThat(outcomes.values())
        .as("%s", outcomes)
        .anyMatch(outcome -> ((Failed) outcome).cause() == Cause.PROTOCOL);
    ALL.forEach(committee::restart);
    assertThat(attempt(1, 2).values())
        .anyMatch(outcome -> outcome instanceof Failed failed && failed.cause() == Cause.BANNED);
    signs(1, 3);
    signs(2, 3);
  }

  /// What a hostile party would do on purpose: other seeds than those that were agreed on, in a
  /// session of the same name.
  private void corruptSetupOfTwoWithOne() {
    CosignerHome home = Committee.of(committee.homes, new Party(2));
    Bytes context =
        Bytes.of(
            new FieldWriter("cosigner pair setup", 1)
                .text("cosigner-2")
                .text(TREASURY.value())
                .u64(0)
                .u8(1)
                .finish());
    home.owner()
        .useHandle(
            handle -> {
              byte[] kept =
                  handle
                      .createQuery("SELECT sealed FROM cosigner.pair_setup WHERE peer = 1")
                      .mapTo(byte[].class)
                      .one();
              byte[] plain = home.seal().unseal(Bytes.of(kept), context);
              for (int i = 100; i < 3000; i += 16) {
                plain[i] ^= 1;
              }
              handle.execute(
                  "UPDATE cosigner.pair_setup SET sealed = ? WHERE peer = 1",
                  home.seal().seal(plain, context).toArray());
            });
    committee.restart(new Party(2));
  }

  @Test
  void aGenerationThatSomebodyDidNotStoreIsGivenUp() {
    // Hello, offer, four rounds and two of setups: the third never gets the last of them.
    dying(new Work.Generate(2), 3, 7);
    assertThat(same(committee.run(TREASURY, ALL, new Work.Settle())))
        .isEqualTo(new Settled(Optional.empty(), false));
    committee.generate(TREASURY);
    signs(1, 3);
  }

  @Test
  void aGenerationThatAllHaveStoredIsFinished() {
    // The third stores it and hears of nobody else's statement.
    dying(new Work.Generate(2), 3, 8);
    assertThat(fails(new Party(3), attempt(1, 3))).isEqualTo(Cause.NO_KEY);
    assertThat(same(committee.run(TREASURY, ALL, new Work.Settle())))
        .isEqualTo(new Settled(Optional.of(0L), false));
    signs(1, 3);
    signs(2, 3);
  }

  @Test
  void aRefreshThatIsInterruptedAnywhereIsSettled() {
    committee.generate(TREASURY);
    for (int dies = 2; dies <= 9; dies++) {
      dying(new Work.Refresh(), 2, dies);
      SessionOutcome settled = same(committee.run(TREASURY, ALL, new Work.Settle()));
      assertThat(settled).isInstanceOf(Settled.class);
      assertThat(((Settled) settled).pending()).isFalse();
      signs(1, 2);
    }
    signs(2, 3);
  }

  /// A session whose one party dies instead of taking the messages of one delivery.
  private void dying(Work work, int party, int delivery) {
    Map<Party, Cosigner> some = new TreeMap<>(committee.nodes);
    some.put(new Party(party), new Dying(committee.node(party), delivery));
    new SessionRelay(some)
        .run(new SessionProposal(Bytes.of(TestKeys.random32()), TREASURY, ALL, work));
    committee.restart(new Party(party));
  }

  private static final class Dying implements Cosigner {
    private final Cosigner real;
    private int left;

    private Dying(Cosigner real, int deliveries) {
      this.real = real;
      this.left = deliveries;
    }

    @Override
    public SessionReply open(byte[] proposal) {
      return real.open(proposal);
    }

    @Override
    public SessionReply deliver(Bytes tag, List<Envelope> messages) {
      if (left-- <= 0) {
        throw new IllegalStateException("dead");
      }
      return real.deliver(tag, messages);
    }

    @Override
    public SessionOutcome cancel(Bytes tag) {
      throw new IllegalStateException("dead");
    }
  }
}
