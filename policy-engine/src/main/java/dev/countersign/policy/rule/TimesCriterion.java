package dev.countersign.policy.rule;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Similar;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `times`: the hours of the week at which a rule holds; several add up.
public record TimesCriterion(List<WeeklyTime> times, String expected) implements SubjectCriterion {
  public static final List<String> KEYS = List.of("days", "from", "to", "zone");

  static final CriterionKind KIND =
      new CriterionKind(
          "times",
          CriterionKind.Presence.OPTIONAL,
          "any, or a list of {days, from, to, zone}",
          TimesCriterion::read);

  private static final String DAYS_FORM =
      "any, or a list of "
          + Arrays.stream(DayOfWeek.values())
              .map(WeeklyTime::text)
              .collect(Collectors.joining(", "));
  private static final String FROM_FORM = "a time of the day from 00:00 to 23:59";
  private static final String TO_FORM = "a time of the day from 00:01 to 24:00";
  private static final String ZONE_FORM = "an IANA time zone such as Europe/Zurich";
  private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):([0-5][0-9])");
  private static final String END_OF_DAY = "24:00";
  private static final Set<DayOfWeek> EVERY_DAY = EnumSet.allOf(DayOfWeek.class);

  public TimesCriterion {
    times = List.copyOf(times);
  }

  private static Optional<TimesCriterion> read(YamlNode value, RuleContext rule) {
    if (value instanceof Scalar scalar && scalar.text().equals(ValueList.ANY)) {
      return Optional.empty();
    }
    if (!(value instanceof Sequence sequence) || sequence.items().isEmpty()) {
      rule.problem(value.at(), KIND.key(), "expected " + KIND.form() + ", got " + value.kind());
      return Optional.empty();
    }
    List<WeeklyTime> times = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      String key = KIND.key() + "[" + i + "]";
      Fields.of(sequence.items().get(i), rule.fields().path(key), rule.fields().problems())
          .flatMap(fields -> time(fields, key, rule))
          .ifPresent(times::add);
    }
    return times.size() == sequence.items().size()
        ? Optional.of(new TimesCriterion(times, expected(times)))
        : Optional.empty();
  }

  private static String expected(List<WeeklyTime> times) {
    return times.stream().map(WeeklyTime::toString).collect(Collectors.joining("; or "));
  }

  private static Optional<WeeklyTime> time(Fields fields, String key, RuleContext rule) {
    fields.refuseOthersThan(KEYS);
    Optional<Set<DayOfWeek>> days = days(fields, key, rule);
    Optional<LocalTime> from = timeOfDay(fields, "from", FROM_FORM);
    Optional<LocalTime> to = timeOfDay(fields, "to", TO_FORM);
    Optional<ZoneId> zone = zone(fields);
    if (days.isEmpty() || from.isEmpty() || to.isEmpty() || zone.isEmpty()) {
      return Optional.empty();
    }
    if (from.get().equals(to.get()) && !to.get().equals(LocalTime.MIN)) {
      rule.problem(
          fields.mapping().at(), key, "nothing lies between: the whole day is 00:00 to 24:00");
      return Optional.empty();
    }
    return Optional.of(new WeeklyTime(days.get(), from.get(), to.get(), zone.get()));
  }

  private static Optional<Set<DayOfWeek>> days(Fields fields, String key, RuleContext rule) {
    Optional<YamlNode> value = fields.find("days");
    if (value.isEmpty()
        || (value.get() instanceof Scalar any && any.text().equals(ValueList.ANY))) {
      return Optional.of(EVERY_DAY);
    }
    return ValueList.read(value.get(), key + ".days", DAYS_FORM, rule, TimesCriterion::day)
        .map(EnumSet::copyOf);
  }

  private static DayOfWeek day(String text) {
    return Arrays.stream(DayOfWeek.values())
        .filter(day -> WeeklyTime.text(day).equals(text))
        .findFirst()
        .orElseThrow(
            () -> {
              String meant =
                  Similar.to(text, Arrays.stream(DayOfWeek.values()).map(WeeklyTime::text).toList())
                      .map(name -> " (" + name + "?)")
                      .orElse("");
              return InvalidValueException.of("day", text, "a day of the week" + meant);
            });
  }

  /// The end of a day is the beginning of the next.
  private static Optional<LocalTime> timeOfDay(Fields fields, String key, String form) {
    return fields
        .requireText(key, form)
        .flatMap(
            text -> {
              boolean isEnd = key.equals("to");
              if (isEnd && text.text().equals(END_OF_DAY)) {
                return Optional.of(LocalTime.MIN);
              }
              Matcher matcher = TIME.matcher(text.text());
              if (matcher.matches() && !(isEnd && text.text().equals("00:00"))) {
                return Optional.of(LocalTime.parse(text.text()));
              }
              fields
                  .problems()
                  .add(text.at(), fields.path(key), "expected " + form + ", got " + text.kind());
              return Optional.empty();
            });
  }

  private static Optional<ZoneId> zone(Fields fields) {
    return fields
        .requireText("zone", ZONE_FORM)
        .flatMap(
            text -> {
              Set<String> known = ZoneId.getAvailableZoneIds();
              if (known.contains(text.text())) {
                return Optional.of(ZoneId.of(text.text()));
              }
              String meant =
                  Similar.to(text.text(), known).map(name -> " (" + name + "?)").orElse("");
              fields
                  .problems()
                  .add(
                      text.at(),
                      fields.path("zone"),
                      "expected " + ZONE_FORM + meant + ", got " + text.kind());
              return Optional.empty();
            });
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean isTimed() {
    return true;
  }

  @Override
  public boolean holds(PolicySubject subject) {
    for (WeeklyTime time : times) {
      if (time.contains(subject.at())) {
        return true;
      }
    }
    return false;
  }

  /// In UTC, since every rule may have another zone.
  @Override
  public String observed(PolicySubject subject) {
    DayOfWeek day = subject.at().atZone(ZoneOffset.UTC).getDayOfWeek();
    return WeeklyTime.text(day) + " " + subject.at();
  }
}
