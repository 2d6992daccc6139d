package dev.countersign.cli.policy;

import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.terminal.Table;
import dev.countersign.policy.diff.Direction;
import dev.countersign.policy.diff.PolicyChange;
import dev.countersign.policy.diff.PolicyDiff;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/// What one policy changes about another, in lines.
final class DiffText {
  private DiffText() {}

  static List<String> of(PolicyDiff diff) {
    if (diff.changes().isEmpty()) {
      return List.of(
          diff.before().equals(diff.after())
              ? "the same bytes"
              : "no difference but in how it is written");
    }
    var text = new StringWriter();
    var out = new PrintWriter(text);
    var table = new Table("", "CHANGE");
    for (PolicyChange change : diff.changes()) {
      table.add(List.of(change.direction().word(), LogWords.lines(change.text())));
    }
    table.print(out);
    out.println(
        "%d changes: %d loosens, %d tightens, %d neither"
            .formatted(
                diff.changes().size(),
                count(diff, Direction.LOOSENS),
                count(diff, Direction.TIGHTENS),
                count(diff, Direction.NEITHER)));
    out.flush();
    return text.toString().lines().toList();
  }

  private static long count(PolicyDiff diff, Direction direction) {
    return diff.changes().stream().filter(change -> change.direction() == direction).count();
  }
}
