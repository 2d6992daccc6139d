package dev.countersign.cli.terminal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Rows under a heading, each column as wide as its widest cell.
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /// @param heading one word per column
  public Table(String... heading) {
    rows.add(List.of(heading));
  }

  /// @param row as many cells as the heading has
  public void add(List<String> row) {
    if (row.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "a row of " + row.size() + " cells under " + rows.getFirst());
    }
    rows.add(List.copyOf(row));
  }

  /// Prints it.
  public void print(PrintWriter out) {
    int columns = rows.getFirst().size();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i));
        if (i < columns - 1) {
          line.repeat(' ', width(i) - row.get(i).length() + 2);
        }
      }
      out.println(line);
    }
    out.flush();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
