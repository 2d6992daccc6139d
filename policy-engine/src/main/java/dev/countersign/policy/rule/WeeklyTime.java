package dev.countersign.policy.rule;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Some hours of some days of the week, by the clocks on the walls of a place.
///
/// It goes by what such a clock shows. When it is set forward, the hours it skips do not come that
/// day; when it is set back, those it shows twice come twice. So two spans of time that share no
/// time of the day never hold together, and two that make up the day leave no gap, on these days
/// too.
///
/// @param days those on which the span begins
/// @param from included
/// @param to not included; at or before `from` it is on the next day, and midnight so the end of
///     this one
public record WeeklyTime(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
  private static final int WEEK = DayOfWeek.values().length;

  public WeeklyTime {
    days = Collections.unmodifiableSet(EnumSet.copyOf(days));
  }

  public boolean contains(Instant at) {
    ZonedDateTime shown = at.atZone(zone);
    LocalTime time = shown.toLocalTime();
    DayOfWeek today = shown.getDayOfWeek();
    if (from.isBefore(to)) {
      return days.contains(today) && !time.isBefore(from) && time.isBefore(to);
    }
    return (days.contains(today) && !time.isBefore(from))
        || (days.contains(today.minus(1)) && time.isBefore(to));
  }

  /// `monday, friday 22:00-06:00 Europe/Zurich`
  @Override
  public String toString() {
    String on =
        days.size() == WEEK
            ? "every day"
            : days.stream().map(WeeklyTime::text).collect(Collectors.joining(", "));
    return "%s %s-%s %s".formatted(on, from, to.equals(LocalTime.MIN) ? "24:00" : to, zone);
  }

  /// As policies write it.
  static String text(DayOfWeek day) {
    return day.name().toLowerCase(Locale.ROOT);
  }
}
