package dev.countersign.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsLineUp() {
    var table = new Table("WALLET", "VAULT");
    table.add(List.of("hot-1", "treasury"));
    table.add(List.of("long-name", "t"));
    var printed = new StringWriter();
    table.print(new PrintWriter(printed));
    assertThat(printed.toString())
        .isEqualToNormalizingNewlines(
            """
            WALLET     VAULT
            hot-1      treasury
            long-name  t
            """);
  }

  @Test
  void aRowOfAnotherWidthIsABug() {
    assertThatThrownBy(() -> new Table("A").add(List.of("1", "2")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
