package dev.countersign.policy.engine;

import static dev.countersign.policy.sample.Instance.request;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static dev.countersign.policy.sample.Samples.wallet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.port.PolicyEngine.Admitted;
import dev.countersign.core.port.PolicyEngine.PolicySession;
import dev.countersign.core.port.PolicyEngine.Reissue;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.Instance.Asked;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.store.ActivePolicy;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PostgresPolicyEngineIT {
  private static final Intent.OfTransaction ONE = pay(ALICE, BigInteger.ONE);
  private static final Intent.OfTransaction SEVEN = pay(ALICE, BigInteger.valueOf(7));

  private final PolicyDatabase database;
  private final Instance instance;
  private int policies;
  private PolicyVersion version = ActivePolicy.none().version();

  PostgresPolicyEngineIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.instance = database.instance();
  }

  @AfterAll
  void close() {
    database.close();
  }

  /// A limit of another name for each test starts at nothing.
  @BeforeEach
  void activate() {
    version =
        database.activate(
            instance,
            allowing(
                "limits:",
                "  - {name: ten-" + ++policies + ", maximum: 10, counts: [value], window: PT24H}"));
  }

  @Test
  void allowsWithAPermitForExactlyWhatWasJudged() {
    PolicySubject subject = request();
    Allowed allowed = (Allowed) instance.admit(subject, ONE);
    assertThat(allowed.policy()).isEqualTo(version);
    assertThat(allowed.rule()).isEqualTo("pay");
    Permit permit = allowed.permit();
    assertThat(instance.mint().inspector().fault(permit)).isEmpty();
    assertThat(permit.terms().request()).isEqualTo(subject.request());
    assertThat(permit.terms().payload()).isEqualTo(payload(ONE));
    assertThat(permit.terms().key()).isEqualTo(subject.wallet().key());
    assertThat(permit.terms().policy()).isEqualTo(version);
  }

  @Test
  void eachJudgementOfABatchSeesThoseBeforeIt() {
    List<Decision> decisions =
        instance.admit(
            List.of(
                new Asked(request(), SEVEN),
                new Asked(request(), SEVEN),
                new Asked(request(), pay(ALICE, BigInteger.valueOf(3))),
                new Asked(request(), ONE)));
    assertThat(decisions)
        .extracting(decision -> decision instanceof Allowed)
        .containsExactly(true, false, true, false);
    assertThat(((Denied) decisions.get(1)).reason())
        .contains("limit ten-" + policies + " at most 10 wei")
        .contains("14 wei")
        .contains("with 7 wei");
  }

  @Test
  void storesWhyItDenied() {
    instance.admit(request(), SEVEN);
    PolicySubject subject = request();
    Denied denied = (Denied) instance.admit(subject, SEVEN);
    String stored =
        database
            .owner()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            """
                            SELECT explanation ->> 'reason' || ' | '
                              || (explanation #>> '{rules,0,unmet,criterion}')
                            FROM policy.decision WHERE request = :request AND state = 'DENIED'
                            """)
                        .bind("request", subject.request().value())
                        .mapTo(String.class)
                        .one());
    assertThat(stored).isEqualTo(denied.reason() + " | limit ten-" + policies);
  }

  @Test
  void aTransactionThatRollsBackLeavesNothing() {
    PolicySubject subject = request();
    assertThatThrownBy(
            () ->
                instance
                    .unitOfWork()
                    .run(
                        transaction -> {
                          PolicySession session =
                              instance.engine().open(transaction, List.of(subject));
                          session.judge(subject, payload(SEVEN));
                          session.save();
                          throw new IllegalStateException("crash");
                        }))
        .hasMessage("crash");
    assertThat(instance.admit(subject, SEVEN)).isInstanceOf(Allowed.class);
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void releasedRoomIsFreeAgainAndCommittedRoomIsNot() {
    PolicySubject released = request();
    PolicySubject committed = request();
    assertThat(instance.admit(released, SEVEN)).isInstanceOf(Allowed.class);
    instance.release(released);
    instance.release(released);
    assertThat(instance.admit(committed, SEVEN)).isInstanceOf(Allowed.class);
    instance.commit(committed);
    instance.commit(committed);
    assertThat(instance.admit(request(), SEVEN)).isInstanceOf(Denied.class);
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void whatWasCommittedCannotBeReleasedNorTheOtherWayRound() {
    PolicySubject committed = request();
    instance.admit(committed, ONE);
    instance.commit(committed);
    assertThatThrownBy(() -> instance.release(committed))
        .hasMessageContaining("was signed, so its limits stay charged");
    PolicySubject released = request();
    instance.admit(released, ONE);
    instance.release(released);
    assertThatThrownBy(() -> instance.commit(released))
        .hasMessageContaining("signed without being allowed, or after they were released");
    PolicySubject denied = request("intern", "hot-1");
    instance.admit(denied, ONE);
    assertThatThrownBy(() -> instance.commit(denied)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aRequestIsJudgedOnceInATransactionAndOnlyIfItWasAnnounced() {
    PolicySubject subject = request();
    List<Decision> twice =
        instance.admit(List.of(new Asked(subject, ONE), new Asked(subject, ONE)));
    assertThat(((Denied) twice.get(1)).reason()).contains("judged in this transaction already");
    Decision unannounced =
        instance
            .unitOfWork()
            .inTransaction(
                transaction ->
                    instance
                        .engine()
                        .open(transaction, List.of(request()))
                        .judge(request(), payload(ONE)));
    assertThat(((Denied) unannounced).reason()).contains("not announced");
  }

  @Test
  void isSavedOnce() {
    instance
        .unitOfWork()
        .run(
            transaction -> {
              PolicySubject subject = request();
              PolicySession session = instance.engine().open(transaction, List.of(subject));
              session.save();
              assertThatThrownBy(session::save).hasMessageContaining("saved already");
              assertThatThrownBy(() -> session.judge(subject, payload(ONE)))
                  .hasMessageContaining("saved already");
            });
  }

  @Test
  void aForecastSaysWhatWouldBeAndTakesNothing() {
    PolicySubject subject = request();
    for (int i = 0; i < 3; i++) {
      Forecast forecast = instance.engine().forecast(subject, payload(SEVEN));
      assertThat(forecast.allowed()).isTrue();
      assertThat(forecast.rule()).isEqualTo("pay");
      assertThat(forecast.policy()).isEqualTo(version);
    }
    instance.admit(subject, SEVEN);
    Forecast full = instance.engine().forecast(request(), payload(SEVEN));
    assertThat(full.allowed()).isFalse();
    assertThat(full.reason()).contains("with 7 wei");
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void aForecastOfWhatWaitsSaysWhatItWaitsForAndTakesNothing() {
    database.activate(
        instance,
        allowing()
            + """
              - name: slow
                effect: DELAY
                delay: PT2H
            """);
    long before = rows();
    Forecast forecast = instance.engine().forecast(request(), payload(SEVEN));
    assertThat(forecast.allowed()).isFalse();
    assertThat(forecast.rule()).isEqualTo("pay");
    assertThat(forecast.awaited().orElseThrow().delay()).isEqualTo(Duration.ofHours(2));
    assertThat(forecast.reason()).isEqualTo("waits for PT2H");
    assertThat(forecast.outcomes()).allMatch(RuleOutcome::matched);
    assertThat(rows()).isEqualTo(before);
  }

  private long rows() {
    return database
        .owner()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT (SELECT count(*) FROM policy.hold)
                          + (SELECT count(*) FROM policy.decision)
                          + (SELECT count(*) FROM policy.scope)
                          + (SELECT count(*) FROM policy.reservation)
                        """)
                    .mapTo(Long.class)
                    .one());
  }

  @Test
  void aProcessThatLostItsPermitGetsAnotherForTheSamePayloadAndKeyOnly() {
    PolicySubject subject = request();
    instance.admit(subject, ONE);
    Instance restarted = database.instance();
    Admitted same = new Admitted(subject.request(), subject.wallet(), payload(ONE));
    List<Permit> permits = reissued(restarted, same);
    assertThat(permits).hasSize(1);
    assertThat(restarted.mint().inspector().fault(permits.getFirst())).isEmpty();
    assertThat(permits.getFirst().terms().policy()).isEqualTo(version);
    assertThat(permits.getFirst().terms().payload()).isEqualTo(payload(ONE));
    assertThat(reissued(restarted, new Admitted(subject.request(), wallet("hot-2"), payload(ONE))))
        .isEmpty();
    assertThat(
            reissued(restarted, new Admitted(subject.request(), subject.wallet(), payload(SEVEN))))
        .isEmpty();
    assertThat(
            reissued(restarted, new Admitted(request().request(), subject.wallet(), payload(ONE))))
        .isEmpty();
  }

  @Test
  void aStoredDecisionIsTrustedOnlyByWhoHasTheKeyAndForNothingButWhatItSealed() {
    PolicySubject subject = request();
    instance.admit(subject, ONE);
    Admitted same = new Admitted(subject.request(), subject.wallet(), payload(ONE));
    Admitted otherKey = new Admitted(subject.request(), wallet("hot-2"), payload(ONE));
    Admitted otherPayload = new Admitted(subject.request(), subject.wallet(), payload(SEVEN));
    assertThat(reissue(instance, same).untrusted()).isEmpty();
    assertThat(reissue(instance, otherKey).untrusted()).containsExactly(subject.request());
    assertThat(reissue(instance, otherPayload).untrusted()).containsExactly(subject.request());
    assertThat(reissue(database.stranger(), same))
        .isEqualTo(new Reissue(List.of(), Set.of(subject.request())));
    PolicySubject undecided = request();
    assertThat(
            reissue(instance, new Admitted(undecided.request(), undecided.wallet(), payload(ONE))))
        .isEqualTo(new Reissue(List.of(), Set.of()));
  }

  @Test
  void noPermitIsReissuedForWhatWasDeniedSignedOrGivenUp() {
    PolicySubject denied = request("intern", "hot-1");
    PolicySubject signed = request();
    PolicySubject givenUp = request();
    instance.admit(
        List.of(new Asked(denied, ONE), new Asked(signed, ONE), new Asked(givenUp, ONE)));
    instance.commit(signed);
    instance.release(givenUp);
    for (PolicySubject subject : List.of(denied, signed, givenUp)) {
      assertThat(
              reissued(instance, new Admitted(subject.request(), subject.wallet(), payload(ONE))))
          .isEmpty();
    }
  }

  @Test
  void rulesWithoutLimitsNeedNoScopes() {
    PolicyVersion unlimited = database.activate(instance, allowing("wallets: any"));
    PolicySubject subject = request("desk", "hot-9");
    Allowed allowed = (Allowed) instance.admit(subject, SEVEN);
    assertThat(allowed.policy()).isEqualTo(unlimited);
    instance.release(subject);
    assertThat(
            reissued(instance, new Admitted(subject.request(), subject.wallet(), payload(SEVEN))))
        .isEmpty();
  }

  private static List<Permit> reissued(Instance instance, Admitted admitted) {
    return reissue(instance, admitted).permits();
  }

  private static Reissue reissue(Instance instance, Admitted admitted) {
    return instance
        .unitOfWork()
        .inTransaction(transaction -> instance.engine().reissue(transaction, List.of(admitted)));
  }
}
