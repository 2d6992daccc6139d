package dev.countersign.policy.yaml;

import org.yaml.snakeyaml.error.Mark;

/// Where something stands in a document; both count from 1.
public record Position(int line, int column) implements Comparable<Position> {
  public static final Position START = new Position(1, 1);

  static Position of(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  @Override
  public int compareTo(Position other) {
    return line != other.line
        ? Integer.compare(line, other.line)
        : Integer.compare(column, other.column);
  }

  @Override
  public String toString() {
    return line + ":" + column;
  }
}
