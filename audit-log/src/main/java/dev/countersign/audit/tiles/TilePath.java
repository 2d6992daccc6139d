package dev.countersign.audit.tiles;

/// Where a log's files are, below its directory or URL.
public final class TilePath {
  public static final String CHECKPOINT = "checkpoint";

  private static final int DIGITS = 1000;

  private TilePath() {}

  /// @param width 1 to 256; below 256 it is the path of a partial tile
  public static String ofTile(TileId id, int width) {
    return "tile/" + id.level() + "/" + number(id.index()) + partial(width);
  }

  /// @param index of the bundle: it holds the entries from 256 times `index` on
  /// @param width how many entries it holds, 1 to 256
  public static String ofBundle(long index, int width) {
    return "tile/entries/" + number(index) + partial(width);
  }

  /// Groups of three digits, all but the last behind an `x`: 1234067 is `x001/x234/067`.
  private static String number(long index) {
    StringBuilder path = new StringBuilder("%03d".formatted(index % DIGITS));
    for (long rest = index / DIGITS; rest > 0; rest /= DIGITS) {
      path.insert(0, "x%03d/".formatted(rest % DIGITS));
    }
    return path.toString();
  }

  private static String partial(int width) {
    if (width < 1 || width > TileId.FULL_WIDTH) {
      throw new IllegalArgumentException("a tile is 1 to 256 wide, not " + width);
    }
    return width == TileId.FULL_WIDTH ? "" : ".p/" + width;
  }
}
