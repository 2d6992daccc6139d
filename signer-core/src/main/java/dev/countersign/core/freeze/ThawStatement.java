package dev.countersign.core.freeze;

import dev.countersign.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// What an approver signs to lift a freeze: that this very freeze is to end. Every line but the
/// last holds one value that has no line feed, and the last ends the bytes, so no two statements
/// share theirs.
///
/// ```
/// countersign/thaw/v1
/// freeze: 6b1f…
/// scope: wallet:hot-1
/// frozen-at: 2026-11-22T18:41:00.123456Z
/// expires: 2026-11-22T20:00:00.000000Z
/// reason: key ceremony of the treasury is in doubt
/// ```
///
/// @param expires the statement is good for nothing from then on
public record ThawStatement(Freeze freeze, Instant expires) {
  private static final String FORMAT = "countersign/thaw/v1";
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /// UTF-8; each line ends in one line feed.
  public Bytes canonical() {
    return Bytes.of(
        String.join(
                "\n",
                FORMAT,
                "freeze: " + freeze.id(),
                "scope: " + freeze.scope().text(),
                "frozen-at: " + MICROS.format(freeze.at()),
                "expires: " + MICROS.format(expires),
                "reason: " + freeze.reason(),
                "")
            .getBytes(StandardCharsets.UTF_8));
  }
}
