package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimesCriterionTest {
  private final SubjectCriterion office =
      times(
          "times:",
          "  - days: [monday, tuesday, wednesday, thursday, friday]",
          "    from: 08:00",
          "    to: 18:00",
          "    zone: Europe/Zurich");

  @Test
  void holdsFromTheFirstMomentToBeforeTheLast() {
    // Monday; Zurich is one hour ahead in winter.
    assertThat(holds(office, "2026-11-02T06:59:59Z")).isFalse();
    assertThat(holds(office, "2026-11-02T07:00:00Z")).isTrue();
    assertThat(holds(office, "2026-11-02T16:59:59Z")).isTrue();
    assertThat(holds(office, "2026-11-02T17:00:00Z")).isFalse();
    assertThat(holds(office, "2026-11-01T12:00:00Z")).isFalse();
  }

  @Test
  void goesByTheClocksOfItsZoneInSummerToo() {
    assertThat(holds(office, "2026-07-06T06:00:00Z")).isTrue();
    assertThat(holds(office, "2026-07-06T16:00:00Z")).isFalse();
  }

  @Test
  void anHourThatTheClocksSkipDoesNotCome() {
    // On 2026-03-29 clocks in Zurich go from 02:00 to 03:00, which is 01:00 UTC.
    SubjectCriterion skipped = every("02:00", "03:00", "Europe/Zurich");
    for (String at : new String[] {"00:59:59", "01:00:00", "01:30:00", "02:00:00"}) {
      assertThat(holds(skipped, "2026-03-29T" + at + "Z")).as(at).isFalse();
    }
    assertThat(holds(skipped, "2026-03-28T01:30:00Z")).isTrue();
    assertThat(holds(every("01:30", "03:30", "Europe/Zurich"), "2026-03-29T01:29:59Z")).isTrue();
    assertThat(holds(every("01:30", "03:30", "Europe/Zurich"), "2026-03-29T01:30:00Z")).isFalse();
  }

  @Test
  void anHourThatTheClocksShowTwiceComesTwice() {
    // On 2026-10-25 clocks in Zurich go from 03:00 back to 02:00, which is 01:00 UTC.
    SubjectCriterion twice = every("02:00", "03:00", "Europe/Zurich");
    assertThat(holds(twice, "2026-10-24T23:59:59Z")).isFalse();
    assertThat(holds(twice, "2026-10-25T00:00:00Z")).isTrue();
    assertThat(holds(twice, "2026-10-25T00:59:59Z")).isTrue();
    assertThat(holds(twice, "2026-10-25T01:00:00Z")).isTrue();
    assertThat(holds(twice, "2026-10-25T01:59:59Z")).isTrue();
    assertThat(holds(twice, "2026-10-25T02:00:00Z")).isFalse();
  }

  @Test
  void aSpanPastMidnightBelongsToTheDayItBeginsOn() {
    SubjectCriterion night =
        times("times: [{days: [friday], from: '22:00', to: '06:00', zone: UTC}]");
    assertThat(holds(night, "2026-11-06T22:00:00Z")).isTrue();
    assertThat(holds(night, "2026-11-07T05:59:59Z")).isTrue();
    assertThat(holds(night, "2026-11-07T06:00:00Z")).isFalse();
    assertThat(holds(night, "2026-11-06T05:00:00Z")).isFalse();
    assertThat(holds(night, "2026-11-07T22:00:00Z")).isFalse();
  }

  @Test
  void aDayEndsAt24() {
    SubjectCriterion sunday =
        times("times: [{days: [sunday], from: '00:00', to: '24:00', zone: UTC}]");
    assertThat(holds(sunday, "2026-11-01T00:00:00Z")).isTrue();
    assertThat(holds(sunday, "2026-11-01T23:59:59Z")).isTrue();
    assertThat(holds(sunday, "2026-11-02T00:00:00Z")).isFalse();
    assertThat(holds(sunday, "2026-10-31T23:59:59Z")).isFalse();
  }

  @Test
  void saysWhenItWouldHoldAndWhenItIs() {
    assertThat(office.expected())
        .isEqualTo("monday, tuesday, wednesday, thursday, friday 08:00-18:00 Europe/Zurich");
    assertThat(office.observed(subject("desk", "hot-1"))).isEqualTo("sunday 2026-11-01T12:00:00Z");
  }

  @Test
  void refusesWhatIsNoTime() {
    assertThat(problems(allowing("times: []"))).contains("rules[0].times: expected any, or a list");
    assertThat(problems(allowing("times: [{from: '8:00', to: '18:00', zone: UTC}]")))
        .contains("rules[0].times[0].from: expected a time of the day from 00:00 to 23:59");
    assertThat(problems(allowing("times: [{from: '24:00', to: '18:00', zone: UTC}]")))
        .contains("rules[0].times[0].from: expected");
    assertThat(problems(allowing("times: [{from: '08:00', to: '00:00', zone: UTC}]")))
        .contains("rules[0].times[0].to: expected a time of the day from 00:01 to 24:00");
    assertThat(problems(allowing("times: [{from: '08:00', to: '08:00', zone: UTC}]")))
        .contains("rules[0].times[0]: nothing lies between");
    assertThat(problems(allowing("times: [{from: '08:00', to: '09:00', zone: Europe/Zurch}]")))
        .contains("rules[0].times[0].zone: expected an IANA time zone")
        .contains("(Europe/Zurich?)");
    assertThat(problems(allowing("times: [{from: '08:00', to: '09:00', zone: '+01:00'}]")))
        .contains("rules[0].times[0].zone: expected");
    assertThat(
            problems(allowing("times: [{days: [mondy], from: '08:00', to: '09:00', zone: UTC}]")))
        .contains("rules[0].times[0].days[0]: expected a day of the week (monday?)");
    assertThat(problems(allowing("times: [{on: monday, from: '08:00', to: '09:00', zone: UTC}]")))
        .contains("unknown key \"on\"");
  }

  @Test
  void beginsAndEndsWhenItSays() {
    SubjectCriterion begins = (SubjectCriterion) CriterionSample.of("notBefore", year());
    SubjectCriterion ends = (SubjectCriterion) CriterionSample.of("expires", year());
    assertThat(holds(begins, "2026-12-31T23:59:59Z")).isFalse();
    assertThat(holds(begins, "2027-01-01T00:00:00Z")).isTrue();
    assertThat(holds(ends, "2027-12-31T23:59:59Z")).isTrue();
    assertThat(holds(ends, "2028-01-01T00:00:00Z")).isFalse();
    assertThat(begins.expected()).isEqualTo("2027-01-01T00:00:00Z or later");
    assertThat(ends.expected()).isEqualTo("a time before 2028-01-01T00:00:00Z");
  }

  private static String[] year() {
    return new String[] {"notBefore: 2027-01-01T00:00:00Z", "expires: 2028-01-01T00:00:00Z"};
  }

  @Test
  void refusesWhatEndsBeforeItBegins() {
    assertThat(
            problems(allowing("notBefore: 2027-01-01T00:00:00Z", "expires: 2027-01-01T00:00:00Z")))
        .contains("rules[0].expires: the rule ends before it begins");
    for (String time :
        new String[] {"2027-01-01", "2027-01-01T00:00:00.5Z", "2027-01-01T00:00:00+01:00", "[]"}) {
      assertThat(problems(allowing("expires: " + time))).contains("rules[0].expires: expected");
    }
  }

  private static SubjectCriterion every(String from, String to, String zone) {
    return times("times: [{from: '%s', to: '%s', zone: %s}]".formatted(from, to, zone));
  }

  private static SubjectCriterion times(String... lines) {
    return (SubjectCriterion) CriterionSample.of("times", String.join("\n", lines));
  }

  private static boolean holds(SubjectCriterion criterion, String at) {
    return criterion.holds(subject("desk", "hot-1").judgedAt(Instant.parse(at)));
  }
}
