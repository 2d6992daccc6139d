package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.allowing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;

class WeeklyTimePropertyTest {
  private static final Set<DayOfWeek> EVERY_DAY = EnumSet.allOf(DayOfWeek.class);

  @Property(tries = 500)
  void aSpanAndTheRestOfTheDayShareNothingAndLeaveNoGap(
      @ForAll("instants") Instant at,
      @ForAll("zones") ZoneId zone,
      @ForAll("minutes") LocalTime from,
      @ForAll("minutes") LocalTime to) {
    WeeklyTime span = new WeeklyTime(EVERY_DAY, from, to, zone);
    WeeklyTime rest = new WeeklyTime(EVERY_DAY, to, from, zone);
    if (from.equals(to)) { // which is the whole day
      assertThat(span.contains(at)).isTrue();
    } else {
      assertThat(span.contains(at)).isNotEqualTo(rest.contains(at));
    }
  }

  @Property(tries = 300)
  void exactlyOneDayOfTheWeekContainsAMoment(
      @ForAll("instants") Instant at, @ForAll("zones") ZoneId zone) {
    long days =
        EVERY_DAY.stream()
            .filter(
                day ->
                    new WeeklyTime(EnumSet.of(day), LocalTime.MIN, LocalTime.MIN, zone)
                        .contains(at))
            .count();
    assertThat(days).isOne();
  }

  @Property(tries = 300)
  void anyTextIsATimeOrAProblem(@ForAll @StringLength(max = 12) String text) {
    String yaml = allowing("times: [{from: \"%s\", to: '24:00', zone: UTC}]".formatted(text));
    Reading reading = PolicyDocumentReader.read(yaml.getBytes(StandardCharsets.UTF_8));
    assertThat(reading instanceof Reading.Valid)
        .isEqualTo(text.matches("([01][0-9]|2[0-3]):[0-5][0-9]"));
  }

  @Provide
  Arbitrary<Instant> instants() {
    return Arbitraries.longs()
        .between(
            Instant.parse("2020-01-01T00:00:00Z").getEpochSecond(),
            Instant.parse("2032-01-01T00:00:00Z").getEpochSecond())
        .map(Instant::ofEpochSecond);
  }

  @Provide
  Arbitrary<ZoneId> zones() {
    return Arbitraries.of(
            List.of(
                "Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Tokyo"))
        .map(ZoneId::of);
  }

  @Provide
  Arbitrary<LocalTime> minutes() {
    return Arbitraries.integers()
        .between(0, 24 * 60 - 1)
        .map(minute -> LocalTime.MIN.plusMinutes(minute));
  }
}
