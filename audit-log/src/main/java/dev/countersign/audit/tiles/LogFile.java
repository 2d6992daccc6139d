package dev.countersign.audit.tiles;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a path below a log names: the reverse of [TilePath].
public sealed interface LogFile {

  /// The signed note.
  record SignedNote() implements LogFile {}

  /// Hashes.
  ///
  /// @param width 1 to 256
  record Hashes(TileId id, int width) implements LogFile {}

  /// Entries.
  ///
  /// @param bundle it holds the entries from 256 times this on
  /// @param width 1 to 256
  record Entries(long bundle, int width) implements LogFile {}

  /// Nothing when no log has a file of that path: each file has one spelling.
  static Optional<LogFile> parse(String path) {
    if (path.equals(TilePath.CHECKPOINT)) {
      return Optional.of(new SignedNote());
    }
    Matcher matcher = Spelling.PATH.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String partial = matcher.group("width");
    int width = partial == null ? TileId.FULL_WIDTH : Integer.parseInt(partial);
    if (width < 1 || width > TileId.FULL_WIDTH) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group("number").replaceAll("[x/]", ""));
    String level = matcher.group("level");
    return level.equals("entries")
        ? Optional.of(new Entries(number, width))
            .filter(_ -> TilePath.ofBundle(number, width).equals(path))
            .map(LogFile.class::cast)
        : Optional.of(new Hashes(new TileId(Integer.parseInt(level), number), width))
            .filter(file -> TilePath.ofTile(file.id(), width).equals(path))
            .map(LogFile.class::cast);
  }

  /// Levels above 7 and numbers from 10^15 on are beyond any log.
  final class Spelling {
    private static final Pattern PATH =
        Pattern.compile(
            "tile/(?<level>entries|[0-7])/(?<number>(?:x[0-9]{3}/){0,4}[0-9]{3})"
                + "(?:\\.p/(?<width>[1-9][0-9]{0,2}))?");

    private Spelling() {}
  }
}
