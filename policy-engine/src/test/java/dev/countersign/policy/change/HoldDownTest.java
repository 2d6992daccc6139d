package dev.countersign.policy.change;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Address;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.Verdict;
import dev.countersign.policy.yaml.Problem;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HoldDownTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final String TOMORROW = "2026-11-02T12:00:00Z";

  private final PolicyDocument onlyAlice = friends(entry(ALICE));

  @Test
  void aNewEntryWaits() {
    assertThat(messages(onlyAlice, friends(entry(ALICE), entry(BOB))))
        .containsExactly(
            BOB.checksummed()
                + " may be paid at once, expected `from: 2026-11-02T12:00:00Z` or later: what is"
                + " new waits for PT24H");
    assertThat(messages(onlyAlice, friends(entry(ALICE), entry(BOB, "2026-11-02T11:59:59Z"))))
        .singleElement()
        .asString()
        .contains("may be paid from 2026-11-02T11:59:59Z on");
    assertThat(messages(onlyAlice, friends(entry(ALICE), entry(BOB, TOMORROW)))).isEmpty();
  }

  @Test
  void theFirstPolicyNeedsNoWaiting() {
    assertThat(HoldDown.problems(Optional.empty(), onlyAlice, NOW)).isEmpty();
  }

  @Test
  void whatWaitsGoesOnWaitingAndMayBeMovedLaterOnly() {
    PolicyDocument waiting = friends(entry(ALICE), entry(BOB, TOMORROW));
    assertThat(messages(waiting, waiting)).isEmpty();
    assertThat(messages(waiting, friends(entry(BOB, "2026-11-09T00:00:00Z")))).isEmpty();
    assertThat(messages(waiting, friends(entry(BOB)))).hasSize(1);
    assertThat(messages(waiting, friends(entry(BOB, "2026-11-01T12:00:01Z")))).hasSize(1);
    assertThat(
            HoldDown.problems(Optional.of(waiting), friends(entry(BOB)), Instant.parse(TOMORROW)))
        .isEmpty();
  }

  @Test
  void removingAndAddingStartsAnew() {
    PolicyDocument without = friends(entry(BOB));
    assertThat(messages(without, onlyAlice)).hasSize(1);
  }

  @Test
  void anEntryOfAListThatAllowedNothingIsNew() {
    PolicyDocument noted = policy(book(entry(ALICE)) + rules("any"));
    assertThat(messages(noted, onlyAlice)).hasSize(1);
  }

  @Test
  void droppingTheHoldDownIsHeldByIt() {
    PolicyDocument free =
        policy(
            (book(entry(ALICE), entry(BOB)) + rules("[friends]")).replace("holdDown: PT24H\n", ""));
    assertThat(messages(onlyAlice, free)).hasSize(1);
    PolicyDocument named = policy(rules("['%s']".formatted(BOB.checksummed())));
    assertThat(messages(onlyAlice, named)).hasSize(1);
    assertThat(messages(free, free)).isEmpty();
  }

  @Test
  void anEntryIsPaidFromItsTimeOnAndDeniedByNameBefore() {
    PolicyDocument waiting = friends(entry(ALICE), entry(BOB, TOMORROW));
    assertThat(judge(waiting, BOB, Instant.parse(TOMORROW).minusNanos(1)))
        .isInstanceOfSatisfying(
            Verdict.Deny.class,
            deny ->
                assertThat(deny.reason())
                    .endsWith(
                        "got %s, which may be paid from 2026-11-02T12:00:00Z on"
                            .formatted(BOB.checksummed())));
    assertThat(judge(waiting, BOB, Instant.parse(TOMORROW))).isInstanceOf(Verdict.Allow.class);
    assertThat(judge(waiting, ALICE, NOW)).isInstanceOf(Verdict.Allow.class);
    assertThat(waiting.index().isTimed()).isTrue();
  }

  @Test
  void aRuleThatRestrictsHoldsForAnEntryAtOnce() {
    PolicyDocument restricting =
        policy(
            book(entry(BOB, TOMORROW))
                + rules("any")
                + "  - {name: no, effect: DENY, destinations: [friends]}\n");
    assertThat(judge(restricting, BOB, NOW).rule()).isEqualTo("no");
  }

  @Test
  void tagsNameEntriesOfAllLists() {
    PolicyDocument tagged =
        policy(
            """
            addresses:
              friends: [{address: '%s', tags: [kyc]}]
              others: [{address: '%s', tags: [kyc, eu], from: %s}]
            """
                    .formatted(ALICE.checksummed(), BOB.checksummed(), TOMORROW)
                + rules("['tag:kyc']"));
    assertThat(judge(tagged, ALICE, NOW)).isInstanceOf(Verdict.Allow.class);
    assertThat(judge(tagged, BOB, NOW)).isInstanceOf(Verdict.Deny.class);
    assertThat(judge(tagged, BOB, Instant.parse(TOMORROW))).isInstanceOf(Verdict.Allow.class);
    assertThat(problems(book(entry(ALICE)) + rules("['tag:kyc']")))
        .contains("expected a tag of an entry under `addresses`");
  }

  @Test
  void refusesWhatCouldWalkAroundIt() {
    assertThat(problems(book(entry(ALICE)) + rules("['%s']".formatted(BOB.checksummed()))))
        .contains("with `holdDown` every address that is paid is in a list");
    assertThat(problems(book(entry(ALICE, TOMORROW)) + rules("any") + "    accounts: [friends]\n"))
        .contains("those count in `destinations` alone");
    assertThat(
            problems(
                book(entry(ALICE, TOMORROW))
                    + rules("any")
                    + "    condition: action.destination.isIn(\"friends\")\n"))
        .contains("expected a list under `addresses`");
  }

  @Test
  void refusesWhatIsNoEntry() {
    assertThat(problems(book("{address: '%s', since: 1}".formatted(ALICE)) + rules("any")))
        .contains("unknown key \"since\"");
    assertThat(problems(book("{tags: [a]}") + rules("any"))).contains("addresses.friends.address");
    assertThat(problems(book(entry(ALICE, "tomorrow")) + rules("any")))
        .contains("addresses.friends.from: expected a time in UTC");
    assertThat(problems(book("{address: '%s', tags: [A]}".formatted(ALICE)) + rules("any")))
        .contains("addresses.friends.tags: expected a list of tags");
    assertThat(problems("holdDown: 1d\n" + rules("any")))
        .contains("holdDown: expected an ISO-8601");
  }

  private static Verdict judge(PolicyDocument policy, Address to, Instant at) {
    return PolicyJudge.judge(
        policy,
        subject("desk", "hot-1").judgedAt(at),
        payload(pay(to, BigInteger.ONE)),
        scope -> BigInteger.ZERO);
  }

  private static List<String> messages(PolicyDocument active, PolicyDocument next) {
    return HoldDown.problems(Optional.of(active), next, NOW).stream()
        .map(Problem::message)
        .toList();
  }

  private static PolicyDocument friends(String... entries) {
    return policy(book(entries) + rules("[friends]"));
  }

  private static String book(String... entries) {
    return "holdDown: PT24H\naddresses: {friends: [%s]}\n".formatted(String.join(", ", entries));
  }

  private static String entry(Address address) {
    return "'" + address.checksummed() + "'";
  }

  private static String entry(Address address, String from) {
    return "{address: '%s', from: %s}".formatted(address.checksummed(), from);
  }

  private static String rules(String destinations) {
    return allowing("destinations: " + destinations);
  }
}
