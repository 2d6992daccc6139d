package dev.countersign.cosigner.session;

import static dev.countersign.cosigner.session.Committee.ALL;
import static dev.countersign.cosigner.session.Committee.assertValid;
import static dev.countersign.cosigner.session.Committee.order;
import static dev.countersign.cosigner.session.Committee.parties;
import static dev.countersign.cosigner.session.Committee.same;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.KeyId;
import dev.countersign.cosigner.judge.Judge;
import dev.countersign.cosigner.judge.Judgement;
import dev.countersign.cosigner.judge.Judgement.Reason;
import dev.countersign.cosigner.judge.SigningOrder;
import dev.countersign.cosigner.session.SessionOutcome.Cause;
import dev.countersign.cosigner.session.SessionOutcome.Failed;
import dev.countersign.cosigner.session.SessionOutcome.KeyReady;
import dev.countersign.cosigner.session.SessionOutcome.Presigned;
import dev.countersign.cosigner.session.SessionOutcome.Refused;
import dev.countersign.cosigner.session.SessionOutcome.Signed;
import dev.countersign.cosigner.testing.TestKeys;
import dev.countersign.mpc.Party;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three cosigners with real databases and a real token, and the relay between them.
@WithTestEnvironment
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CosignerNodeIT {
  private static final KeyId TREASURY = new KeyId("treasury");

  private final Committee committee;
  private KeyReady made;

  @SuppressWarnings("NullAway.Init")
  CosignerNodeIT(SoftHsmToken token, @TempDir Path directory) {
    committee = new Committee(token, directory, Committee.limits());
  }

  @BeforeAll
  void generate() {
    made = committee.generate(TREASURY);
  }

  @AfterEach
  void allowAgain() {
    committee.judges.values().forEach(judge -> judge.set(Committee.ALLOWS_ALL));
    assertThat(committee.nodes.values()).allMatch(node -> node.sessions() == 0);
  }

  @AfterAll
  void close() {
    committee.close();
  }

  @Test
  void anyTwoOfThreeSign() {
    for (List<Party> signers : List.of(parties(1, 2), parties(1, 3), parties(2, 3))) {
      SigningOrder order = order(TREASURY, "pay " + signers);
      SessionOutcome outcome = committee.sign(order, signers);
      assertValid(outcome, order);
      assertThat(((Signed) outcome).publicKey()).isEqualTo(made.publicKey());
    }
  }

  @Test
  void derivedKeysSign() {
    SigningOrder order = order(TREASURY, "pay", 44, 60, 7);
    SessionOutcome outcome = committee.sign(order, parties(1, 3));
    assertValid(outcome, order);
    assertThat(((Signed) outcome).publicKey()).isNotEqualTo(made.publicKey());
  }

  @Test
  void withoutAJudgeNothingIsSigned() {
    Committee.of(committee.judges, new Party(2)).set(Judge.DENIES_ALL);
    Map<Party, SessionOutcome> outcomes =
        committee.run(TREASURY, parties(1, 2), new Work.Sign(order(TREASURY, "pay")));
    assertThat(Committee.of(outcomes, new Party(2)))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.NO_JUDGE));
    assertThat(Committee.of(outcomes, new Party(1))).isInstanceOf(Failed.class);
    assertValid(committee.sign(order(TREASURY, "pay"), parties(1, 3)), order(TREASURY, "pay"));
  }

  @Test
  void aJudgeThatFailsRefuses() {
    Committee.of(committee.judges, new Party(2))
        .set(
            order -> {
              throw new IllegalStateException("out of order");
            });
    Map<Party, SessionOutcome> outcomes =
        committee.run(TREASURY, parties(1, 2), new Work.Sign(order(TREASURY, "pay")));
    assertThat(Committee.of(outcomes, new Party(2)))
        .isEqualTo(new Refused(Reason.UNAVAILABLE, "the judge fails"));
  }

  @Test
  void whoWorksOutAnotherDigestSignsNothingWithTheOthers() {
    Committee.of(committee.judges, new Party(2))
        .set(order -> new Judgement.Allowed(Committee.digest(order(TREASURY, "something else"))));
    Map<Party, SessionOutcome> outcomes =
        committee.run(TREASURY, parties(1, 2), new Work.Sign(order(TREASURY, "pay")));
    assertThat(outcomes.values())
        .hasSize(2)
        .allSatisfy(outcome -> assertThat(((Failed) outcome).cause()).isEqualTo(Cause.MISMATCH));
    allowAgain();
    nobodyIsBanned();
  }

  @Test
  void partiesThatAreToldDifferentThingsHaveNoSession() {
    Bytes tag = Bytes.of(TestKeys.random32());
    byte[] forTwo =
        new SessionProposal(tag, TREASURY, parties(1, 2), new Work.Sign(order(TREASURY, "steal")))
            .encode();
    Map<Party, Cosigner> lied = new TreeMap<>(committee.nodes);
    lied.put(
        new Party(2),
        new Carried(committee.node(2)) {
          @Override
          public SessionReply open(byte[] proposal) {
            return super.open(forTwo);
          }
        });
    Map<Party, SessionOutcome> outcomes =
        new SessionRelay(lied)
            .run(
                new SessionProposal(
                    tag, TREASURY, parties(1, 2), new Work.Sign(order(TREASURY, "pay"))));
    assertThat(outcomes.values()).allMatch(Failed.class::isInstance);
    nobodyIsBanned();
  }

  @Test
  void alteredAndRepeatedMessagesBanNobody() {
    for (int victim = 0; victim < 6; victim++) {
      int which = victim;
      Map<Party, Cosigner> lied = new TreeMap<>(committee.nodes);
      lied.put(
          new Party(2),
          new Carried(committee.node(2)) {
            private int seen;

            @Override
            public SessionReply deliver(Bytes tag, List<Envelope> messages) {
              List<Envelope> carried = new ArrayList<>();
              for (Envelope message : messages) {
                byte[] bytes = message.bytes().toArray();
                if (seen++ == which) {
                  bytes[bytes.length - 1] ^= 1;
                }
                carried.add(new Envelope(message.from(), message.to(), Bytes.of(bytes)));
                carried.add(message.bytes().size() > 60 ? carried.getLast() : message);
              }
              return super.deliver(tag, carried);
            }
          });
      SigningOrder order = order(TREASURY, "pay");
      Map<Party, SessionOutcome> outcomes =
          new SessionRelay(lied)
              .run(
                  new SessionProposal(
                      Bytes.of(TestKeys.random32()),
                      TREASURY,
                      parties(1, 2),
                      new Work.Sign(order)));
      outcomes
          .values()
          .forEach(
              outcome -> {
                if (outcome instanceof Signed) {
                  assertValid(outcome, order);
                } else {
                  assertThat(outcome).isInstanceOf(Failed.class);
                }
              });
      if (which < 5) {
        assertThat(Committee.of(outcomes, new Party(2))).isInstanceOf(Failed.class);
      }
    }
    nobodyIsBanned();
  }

  private void nobodyIsBanned() {
    assertValid(committee.sign(order(TREASURY, "after"), parties(1, 2)), order(TREASURY, "after"));
  }

  @Test
  void aPresignatureSignsOnce() {
    SessionOutcome outcome =
        same(committee.run(TREASURY, parties(1, 2), new Work.Presign(List.of(5))));
    Bytes id = ((Presigned) outcome).id();
    assertThat(committee.node(1).presignatures()).isEqualTo(1);
    SigningOrder order = order(TREASURY, "pay", 5);
    assertValid(
        same(committee.run(TREASURY, parties(1, 2), new Work.SignPresigned(id, order))), order);
    assertThat(same(committee.run(TREASURY, parties(1, 2), new Work.SignPresigned(id, order))))
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.cause()).isEqualTo(Cause.UNKNOWN));
  }

  @Test
  void aPresignatureIsForItsPathAlone() {
    SessionOutcome outcome =
        same(committee.run(TREASURY, parties(1, 2), new Work.Presign(List.of(5))));
    Bytes id = ((Presigned) outcome).id();
    assertThat(
            same(
                committee.run(
                    TREASURY,
                    parties(1, 2),
                    new Work.SignPresigned(id, order(TREASURY, "pay", 6)))))
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.cause()).isEqualTo(Cause.INVALID));
    assertThat(committee.node(1).presignatures()).isZero();
  }

  @Test
  void hundredsOfSessionsRunAtOnce() throws Exception {
    // All are begun before any goes on.
    List<SessionProposal> proposals = new ArrayList<>();
    Map<Bytes, List<Envelope>> first = new java.util.HashMap<>();
    for (int i = 0; i < 120; i++) {
      SessionProposal proposal =
          new SessionProposal(
              Bytes.of(TestKeys.random32()),
              TREASURY,
              i % 2 == 0 ? parties(1, 2) : parties(1, 3),
              new Work.Sign(order(TREASURY, "pay " + i)));
      proposals.add(proposal);
      for (Party party : proposal.parties()) {
        first
            .computeIfAbsent(proposal.tag(), tag -> new ArrayList<>())
            .addAll(Committee.of(committee.nodes, party).open(proposal.encode()).messages());
      }
    }
    assertThat(committee.node(1).sessions()).isEqualTo(120);
    List<Future<SessionOutcome>> outcomes = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(32)) {
      for (SessionProposal proposal : proposals) {
        Callable<SessionOutcome> rest =
            () -> goOn(proposal, first.getOrDefault(proposal.tag(), List.of()));
        outcomes.add(threads.submit(rest));
      }
    }
    for (int i = 0; i < outcomes.size(); i++) {
      assertValid(outcomes.get(i).get(), order(TREASURY, "pay " + i));
    }
  }

  private SessionOutcome goOn(SessionProposal proposal, List<Envelope> carried) {
    Map<Party, SessionOutcome> outcomes = new TreeMap<>();
    List<Envelope> now = carried;
    while (!now.isEmpty()) {
      List<Envelope> next = new ArrayList<>();
      for (Envelope message : now) {
        SessionReply reply =
            Committee.of(committee.nodes, message.to()).deliver(proposal.tag(), List.of(message));
        next.addAll(reply.messages());
        reply.outcome().ifPresent(outcome -> outcomes.put(message.to(), outcome));
      }
      now = next;
    }
    return same(outcomes);
  }

  @Test
  void aSessionThatTakesTooLongEnds() {
    SessionProposal proposal =
        new SessionProposal(
            Bytes.of(TestKeys.random32()),
            TREASURY,
            parties(1, 2),
            new Work.Sign(order(TREASURY, "pay")));
    assertThat(committee.node(1).open(proposal.encode()).outcome()).isEmpty();
    assertThat(committee.node(1).open(proposal.encode()).outcome())
        .as("the tag was used before")
        .isPresent();
    committee.now.updateAndGet(now -> now.plusSeconds(61));
    committee.node(1).sweep();
    assertThat(committee.node(1).sessions()).isZero();
    assertThat(committee.node(1).deliver(proposal.tag(), List.of()).outcome())
        .hasValueSatisfying(
            outcome -> assertThat(((Failed) outcome).cause()).isNotEqualTo(Cause.UNKNOWN));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThat(committee.node(1).open(new byte[] {1, 2, 3}).outcome())
        .hasValueSatisfying(
            outcome -> assertThat(((Failed) outcome).cause()).isEqualTo(Cause.INVALID));
    assertThat(same(committee.run(TREASURY, ALL, new Work.Sign(order(TREASURY, "pay")))))
        .as("three signers where two sign")
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.cause()).isEqualTo(Cause.NO_KEY));
    assertThat(same(committee.run(TREASURY, ALL, new Work.Generate(2))))
        .as("a key that is there")
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.cause()).isEqualTo(Cause.INVALID));
    KeyId none = new KeyId("none");
    assertThat(same(committee.run(none, parties(1, 2), new Work.Sign(order(none, "pay")))))
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.cause()).isEqualTo(Cause.NO_KEY));
  }

  /// A cosigner with a coordinator between that may alter what it carries.
  private static class Carried implements Cosigner {
    private final Cosigner real;

    private Carried(Cosigner real) {
      this.real = real;
    }

    @Override
    public SessionReply open(byte[] proposal) {
      return real.open(proposal);
    }

    @Override
    public SessionReply deliver(Bytes tag, List<Envelope> messages) {
      return real.deliver(tag, messages);
    }

    @Override
    public SessionOutcome cancel(Bytes tag) {
      return real.cancel(tag);
    }
  }
}
