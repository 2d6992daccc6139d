package dev.countersign.policy.engine;

import static dev.countersign.policy.sample.Instance.request;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.FEES;
import static dev.countersign.policy.sample.Samples.MAINNET;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static dev.countersign.policy.sample.Samples.unsigned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.decision.PermitTerms;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.ReplacementTransactions;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.PolicyEngine.Admitted;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.port.ReplacementPolicy.Permitted;
import dev.countersign.core.port.ReplacementPolicy.Question;
import dev.countersign.core.port.ReplacementPolicy.Reissued;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.Replacement;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.RequestContent;
import dev.countersign.policy.hold.ApprovalStore;
import dev.countersign.policy.hold.HoldStore;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.Samples;
import dev.countersign.policy.sample.TestPerson;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Gas of the samples costs 21000 × 30 = 630000 wei at most.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PostgresReplacementPolicyIT {
  private static final Intent.OfTransaction SEVEN = pay(ALICE, BigInteger.valueOf(7));
  private static final UnsignedTransaction ORIGINAL = unsigned(MAINNET, FEES, SEVEN);
  private static final TestPerson ANNA = new TestPerson("anna", 41);

  private final PolicyDatabase database;
  private final Instance instance;
  private int policies;

  PostgresReplacementPolicyIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.instance = database.instance();
  }

  @AfterAll
  void close() {
    database.close();
  }

  @AfterEach
  void everySumIsThatOfItsReservations() {
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void aSpeedUpIsChargedWhatItsGasTakesMore() {
    limited("[value, gas]", "1000000");
    PolicySubject subject = signed();
    Allowed allowed = (Allowed) speedUp(subject, 1, payload(SEVEN), 40);
    assertThat(allowed.observed().gasCost()).isEqualTo(840_000);
    assertThat(allowed.observed().limits())
        .singleElement()
        .satisfies(
            use -> {
              assertThat(use.before()).isEqualTo(630_007);
              assertThat(use.after()).isEqualTo(840_007);
            });
    assertThat(charged(subject)).isEqualTo(840_007);
    instance.unitOfWork().run(t -> instance.replacements().commit(t, id(subject, 1)));

    assertThat(speedUp(subject, 2, faster(40).encode(), 47)).isInstanceOf(Allowed.class);
    assertThat(charged(subject)).isEqualTo(987_007);
    assertThat(reason(speedUp(subject, 3, faster(47).encode(), 48)))
        .contains("at most 1000000 wei")
        .contains("1008007 wei");
    instance.unitOfWork().run(t -> instance.replacements().release(t, id(subject, 2)));
    assertThat(charged(subject)).as("given up").isEqualTo(840_007);
  }

  @Test
  void whatItMovesIsNotCountedTwice() {
    limited("[value]", "7");
    PolicySubject subject = signed();
    Allowed allowed = (Allowed) speedUp(subject, 1, payload(SEVEN), 60);
    assertThat(allowed.observed().limits()).isEmpty();
    assertThat(charged(subject)).isEqualTo(7);
  }

  @Test
  void thePermitNamesWhatItReplaces() {
    database.activate(instance, allowing());
    PolicySubject subject = signed();
    Permit permit = ((Allowed) speedUp(subject, 1, payload(SEVEN), 40)).permit();
    assertThat(instance.mint().inspector().fault(permit)).isEmpty();
    assertThat(permit.terms().payload()).isEqualTo(faster(40).encode());
    assertThat(permit.terms().replacement())
        .contains(
            new Replacement(1, PayloadPurpose.SPEED_UP, Keccak.hash(payload(SEVEN).toArray())));
  }

  @Test
  void onlyTheFeesMayDiffer() {
    database.activate(instance, allowing());
    PolicySubject subject = signed();
    UnsignedTransaction other = unsigned(MAINNET, fees(40), pay(ALICE, BigInteger.TWO));
    assertThat(reason(judge(subject, 1, PayloadPurpose.SPEED_UP, payload(SEVEN), other)))
        .contains("the same transaction but for its fees");
    assertThat(
            reason(
                judge(
                    subject,
                    1,
                    PayloadPurpose.SPEED_UP,
                    payload(SEVEN),
                    unsigned(MAINNET, fees(40), pay(BOB, BigInteger.valueOf(7))))))
        .contains("the same transaction but for its fees");
    UnsignedTransaction later =
        new UnsignedTransaction(MAINNET, new Nonce(4), fees(40), ORIGINAL.call());
    assertThat(reason(judge(subject, 1, PayloadPurpose.SPEED_UP, payload(SEVEN), later)))
        .contains("another nonce");
    assertThat(reason(speedUp(subject, 1, faster(40).encode(), 40))).contains("does not pay more");
  }

  @Test
  void whatWasNotAdmittedIsNotReplaced() {
    database.activate(instance, allowing());
    PolicySubject unknown = request();
    assertThat(reason(speedUp(unknown, 1, payload(SEVEN), 40))).contains("no stored decision");
    PolicySubject unsigned = request();
    instance.admit(unsigned, SEVEN);
    assertThat(reason(speedUp(unsigned, 1, payload(SEVEN), 40))).contains("no stored decision");
    PolicySubject subject = signed();
    Bytes others = payload(pay(ALICE, BigInteger.ONE));
    assertThat(
            reason(
                instance
                    .unitOfWork()
                    .inTransaction(
                        t ->
                            instance
                                .replacements()
                                .judge(
                                    t,
                                    new Question(
                                        subject,
                                        id(subject, 1),
                                        PayloadPurpose.SPEED_UP,
                                        others,
                                        others,
                                        faster(40).encode())))))
        .contains("no stored decision");
  }

  @Test
  void theGasCapIsThatOfTheRuleThatAdmittedIt() {
    database.activate(instance, allowing("maximumGasCost: 0.0000000000007 ether"));
    PolicySubject subject = signed();
    database.activate(instance, allowing("maximumGasCost: any"));
    assertThat(gasCap(subject)).contains(BigInteger.valueOf(700_000));
    assertThat(speedUp(subject, 1, payload(SEVEN), 33)).isInstanceOf(Allowed.class);
    assertThat(reason(speedUp(subject, 2, faster(33).encode(), 34)))
        .contains("gas may cost 714000 wei")
        .contains("for 700000 at most");
  }

  /// By the rule's name the cap of what it admitted is found: it is in the seal.
  @Test
  void nobodyRaisesTheGasCapInTheDatabase() {
    database.activate(instance, allowing("maximumGasCost: 0.0000000000007 ether"));
    PolicySubject subject = signed();
    assertThat(reason(cancel(subject, 1, 34))).contains("for 700000 at most");
    database.asSuperuser(
        "UPDATE policy.decision SET rule = 'other' WHERE request = '%s'"
            .formatted(subject.request()));
    assertThat(reason(cancel(subject, 1, 34))).contains("no stored decision allowed");
    assertThat(reason(speedUp(subject, 1, payload(SEVEN), 33)))
        .contains("no stored decision allowed");
  }

  @Test
  void whatWasSealedBeforeItsRuleWasIsStillReplaced() {
    database.activate(instance, allowing());
    PolicySubject subject = signed();
    Permit before =
        instance
            .mint()
            .issue(
                new PermitTerms(
                    subject.request(),
                    subject.wallet().backend(),
                    subject.wallet().key(),
                    payload(SEVEN),
                    ((Allowed) speedUp(subject, 1, payload(SEVEN), 40)).policy(),
                    List.of()));
    instance.unitOfWork().run(t -> instance.replacements().release(t, id(subject, 1)));
    database.asSuperuser(
        "UPDATE policy.decision SET seal = '\\x%s' WHERE request = '%s'"
            .formatted(instance.mint().sealOf(before).hex().substring(2), subject.request()));
    assertThat(speedUp(subject, 2, payload(SEVEN), 40)).isInstanceOf(Allowed.class);
  }

  @Test
  void theActivePolicyJudgesASpeedUp() {
    database.activate(instance, allowing());
    PolicySubject subject = signed();
    database.activate(instance, allowing("maximum: 6"));
    assertThat(reason(speedUp(subject, 1, payload(SEVEN), 40))).contains("no rule allows it");
  }

  @Test
  void aCancellationNeedsNoRule() {
    database.activate(instance, allowing());
    PolicySubject subject = signed();
    database.activate(instance, allowing("maximum: 6"));
    Allowed allowed = (Allowed) cancel(subject, 1, 40);
    assertThat(allowed.rule()).isEqualTo("cancellation");
    assertThat(allowed.observed().amount()).isZero();
    assertThat(instance.mint().inspector().fault(allowed.permit())).isEmpty();
  }

  @Test
  void aCancellationIsHeldToTheGasCapAndToLimitsOfGas() {
    database.activate(instance, allowing("maximumGasCost: 0.0000000000007 ether"));
    PolicySubject capped = signed();
    assertThat(reason(cancel(capped, 1, 34))).contains("for 700000 at most");
    limited("[gas]", "700000");
    PolicySubject limited = signed();
    assertThat(reason(cancel(limited, 1, 34))).contains("714000 of 700000");
    assertThat(cancel(limited, 1, 33)).isInstanceOf(Allowed.class);
    assertThat(charged(limited)).isEqualTo(693_000);
  }

  @Test
  void whatTheParentChainTakesOfACancellationCountsAsGas() {
    limited("[gas]", "800000");
    PolicySubject asked = signed();
    PolicySubject subject =
        new PolicySubject(
            asked.request(),
            asked.key(),
            asked.content(),
            asked.wallet(),
            asked.account(),
            asked.origin(),
            asked.balances(),
            asked.prices(),
            Wei.of(50_000),
            asked.at());
    assertThat(cancel(subject, 1, 33)).isInstanceOf(Allowed.class);
    assertThat(charged(subject)).isEqualTo(743_000);
  }

  @Test
  void aCancellationIsHeldToThePriceOfGasThatItsRuleAllows() {
    database.activate(
        instance, allowing("maximumGasCost: any", "maximumGasPrice: 0.000000000000000033 ether"));
    PolicySubject subject = signed();
    assertThat(reason(cancel(subject, 1, 34)))
        .contains("gas may cost 714000 wei")
        .contains("for 693000 at most");
    assertThat(cancel(subject, 1, 33)).isInstanceOf(Allowed.class);
  }

  @Test
  void aCancellationMovesNothing() {
    database.activate(instance, allowing());
    PolicySubject subject = signed();
    assertThat(
            reason(
                judge(
                    subject,
                    1,
                    PayloadPurpose.CANCELLATION,
                    payload(SEVEN),
                    unsigned(MAINNET, fees(40), pay(ALICE, BigInteger.ZERO)))))
        .contains("nothing from the account to itself");
  }

  @Test
  void nothingIsReplacedWhileFrozen() {
    database.activate(instance, allowing("wallets: [hot-9]"));
    PolicySubject subject = request("desk", "hot-9");
    assertThat(instance.admit(subject, SEVEN)).isInstanceOf(Allowed.class);
    instance.commit(subject);
    instance.freeze("wallet:hot-9", "test");
    assertThat(speedUp(subject, 1, payload(SEVEN), 40).rule()).isEqualTo(Decision.FROZEN);
    assertThat(cancel(subject, 1, 40).rule()).isEqualTo(Decision.FROZEN);
  }

  @Test
  void aPermitIsMadeAnewByItsSealAlone() {
    database.activate(instance, allowing());
    PolicySubject subject = signed();
    Permit permit = ((Allowed) speedUp(subject, 1, payload(SEVEN), 40)).permit();
    Permitted permitted =
        new Permitted(
            id(subject, 1),
            PayloadPurpose.SPEED_UP,
            new Admitted(subject.request(), subject.wallet(), faster(40).encode()),
            payload(SEVEN));
    assertThat(reissue(database.instance(), permitted))
        .isInstanceOfSatisfying(
            Reissued.Good.class,
            good -> assertThat(good.permit().terms()).isEqualTo(permit.terms()));
    assertThat(reissue(database.stranger(), permitted)).isInstanceOf(Reissued.Untrusted.class);
    assertThat(
            reissue(
                instance,
                new Permitted(
                    permitted.id(),
                    PayloadPurpose.CANCELLATION,
                    permitted.payload(),
                    permitted.replaced())))
        .as("another purpose")
        .isInstanceOf(Reissued.Untrusted.class);
    instance.unitOfWork().run(t -> instance.replacements().release(t, id(subject, 1)));
    assertThat(reissue(instance, permitted)).isInstanceOf(Reissued.Gone.class);
    assertThatThrownBy(
            () -> instance.unitOfWork().run(t -> instance.replacements().commit(t, id(subject, 1))))
        .hasMessageContaining("given up");
  }

  @Test
  void approvalsStayGoodWithinTheGasThatWasApproved() {
    String approved = approved();
    database.activate(instance, approved);
    PolicySubject subject = Samples.subject(request().request(), "desk", "hot-1", MAINNET, SEVEN);
    assertThat(instance.admit(subject, SEVEN)).isInstanceOf(Decision.Held.class);
    instance
        .unitOfWork()
        .run(
            t -> {
              Handle handle = t.unwrap(Handle.class);
              var statement =
                  new HoldStore(instance.holdSeals())
                      .findEver(handle, subject.request())
                      .orElseThrow()
                      .statement()
                      .orElseThrow();
              new ApprovalStore()
                  .insert(
                      handle,
                      subject.request(),
                      statement.digest(),
                      ANNA.approves(statement),
                      "",
                      Instant.now());
            });
    assertThat(instance.admit(subject, SEVEN)).isInstanceOf(Allowed.class);
    instance.unitOfWork().run(t -> instance.engine().endHolds(t, Set.of(subject.request())));
    instance.commit(subject);

    // What was asked for was twice what gas cost then.
    assertThat(gasCap(subject)).contains(BigInteger.valueOf(1_260_000));
    Permit permit = ((Allowed) speedUp(subject, 1, payload(SEVEN), 60)).permit();
    assertThat(permit.terms().approvals()).hasSize(1);
    assertThat(instance.mint().inspector().fault(permit)).isEmpty();
    instance.unitOfWork().run(t -> instance.replacements().commit(t, id(subject, 1)));
    assertThat(reason(speedUp(subject, 2, faster(60).encode(), 61)))
        .contains("gas may cost 1281000 wei")
        .contains("for 1260000 at most")
        .contains("ask for it anew");

    database.activate(instance, approved.replace("PT10M", "PT11M"));
    assertThat(reason(speedUp(subject, 2, faster(59).encode(), 60)))
        .contains("asks for more than the request went through (people)");
  }

  /// A speed-up offers twice as much, and the cancellation of that four times.
  @Test
  void whatIsApprovedOfBlobsLeavesRoomForASpeedUpAndACancellation() {
    database.activate(instance, approved());
    Envelope blobs = ReplacementTransactions.ofZeros(Wei.of(5));
    PolicySubject plain = Samples.subject(request().request(), "desk", "hot-1", MAINNET, SEVEN);
    PolicySubject subject =
        new PolicySubject(
            plain.request(),
            plain.key(),
            new RequestContent(
                plain.content().wallet(), MAINNET, SEVEN, Optional.empty(), Optional.of(blobs)),
            plain.wallet(),
            plain.at());
    Bytes payload = UnsignedTransaction.of(MAINNET, new Nonce(3), FEES, SEVEN, blobs).encode();
    Decision decision =
        instance
            .unitOfWork()
            .inTransaction(
                t -> {
                  var session = instance.engine().open(t, List.of(subject));
                  Decision judged = session.judge(subject, payload);
                  session.save();
                  return judged;
                });
    assertThat(decision).isInstanceOf(Decision.Held.class);
    assertThat(gasCap(subject)).contains(BigInteger.valueOf(4 * (630_000 + 5 * 131_072)));
  }

  @Test
  void approversAreToldHowItGetsToItsChain() {
    String demanding =
        """
          - name: people
            effect: REQUIRE
            assets: [native]
            above: 1
            approvals: {group: desk-heads, count: 1}
            lifetime: PT10M
        approvers:
          %s
        groups:
          desk-heads: [anna]
        """
            .formatted(ANNA.yaml());
    database.activate(instance, allowing("privateRelay: public after 9 blocks") + demanding);
    PolicySubject subject = Samples.subject(request().request(), "desk", "hot-1", MAINNET, SEVEN);
    assertThat(instance.admit(subject, SEVEN)).isInstanceOf(Decision.Held.class);
    assertThat(statement(subject)).contains("\nroute private public-after 9\n");
    // As it was judged anew: by the same statement, or by the one that says what is true now.
    assertThat(instance.admit(subject, SEVEN)).isInstanceOf(Decision.Held.class);
    assertThat(statement(subject)).contains("\nroute private public-after 9\n");
    database.activate(instance, allowing() + demanding);
    assertThat(instance.admit(subject, SEVEN)).isInstanceOf(Decision.Held.class);
    assertThat(statement(subject)).doesNotContain("\nroute ");
  }

  private static String approved() {
    return allowing()
        + """
          - name: people
            effect: REQUIRE
            assets: [native]
            above: 1
            approvals: {group: desk-heads, count: 1}
            lifetime: PT10M
        approvers:
          %s
        groups:
          desk-heads: [anna]
        """
            .formatted(ANNA.yaml());
  }

  private String statement(PolicySubject subject) {
    return instance
        .unitOfWork()
        .inTransaction(
            t ->
                new HoldStore(instance.holdSeals())
                    .findEver(t.unwrap(Handle.class), subject.request())
                    .orElseThrow()
                    .statement()
                    .orElseThrow()
                    .text());
  }

  private void limited(String counts, String maximum) {
    database.activate(
        instance,
        allowing(
            "limits:",
            "  - {name: all-%d, maximum: %s, counts: %s, window: PT24H}"
                .formatted(++policies, maximum, counts)));
  }

  /// A request whose signature is there.
  private PolicySubject signed() {
    PolicySubject subject = request();
    assertThat(instance.admit(subject, SEVEN)).isInstanceOf(Allowed.class);
    instance.commit(subject);
    return subject;
  }

  private Decision speedUp(PolicySubject subject, int ordinal, Bytes replaced, long fee) {
    return judge(subject, ordinal, PayloadPurpose.SPEED_UP, replaced, faster(fee));
  }

  private Decision cancel(PolicySubject subject, int ordinal, long fee) {
    return judge(
        subject,
        ordinal,
        PayloadPurpose.CANCELLATION,
        payload(SEVEN),
        ReplacementTransactions.cancellation(ORIGINAL, subject.wallet().address(), fees(fee)));
  }

  private Decision judge(
      PolicySubject subject,
      int ordinal,
      PayloadPurpose purpose,
      Bytes replaced,
      UnsignedTransaction unsigned) {
    return instance
        .unitOfWork()
        .inTransaction(
            t ->
                instance
                    .replacements()
                    .judge(
                        t,
                        new Question(
                            subject,
                            id(subject, ordinal),
                            purpose,
                            payload(SEVEN),
                            replaced,
                            unsigned.encode())));
  }

  private static Reissued reissue(Instance by, Permitted permitted) {
    return by.unitOfWork()
        .inTransaction(t -> by.replacements().reissue(t, List.of(permitted)))
        .getFirst();
  }

  private Optional<BigInteger> gasCap(PolicySubject subject) {
    return instance
        .unitOfWork()
        .inTransaction(
            t ->
                instance
                    .replacements()
                    .gasCap(t, subject.request(), new GasLimit(21_000), BigInteger.ZERO));
  }

  private BigInteger charged(PolicySubject subject) {
    return database.number(
        "SELECT sum(amount) FROM policy.reservation WHERE NOT released AND request = '%s'"
            .formatted(subject.request()));
  }

  private static String reason(Decision decision) {
    return ((Denied) decision).reason();
  }

  private static ReplacementId id(PolicySubject subject, int ordinal) {
    return new ReplacementId(subject.request(), ordinal);
  }

  private static UnsignedTransaction faster(long fee) {
    return ReplacementTransactions.speedUp(ORIGINAL, fees(fee));
  }

  private static Fees fees(long fee) {
    return new Fees(Wei.of(2), Wei.of(fee), new GasLimit(21_000));
  }
}
