package dev.countersign.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class StepsTest {
  private final StringWriter printed = new StringWriter();

  @Test
  void aQuickStepShowsItsOutcomeAlone() {
    try (var steps = new Steps(new PrintWriter(printed), false)) {
      String made = steps.during("making it", () -> "made");
      steps.done("thing", made);
    }
    assertThat(printed).hasToString("  thing        made" + System.lineSeparator());
  }

  @Test
  void aStepOverTwoSecondsSaysWhatItDoes() throws InterruptedException {
    try (var steps = new Steps(new PrintWriter(printed), false)) {
      steps.during(
          "making it",
          () -> {
            steps.progress().starting("polishing it");
            Thread.sleep(4_000);
            return "";
          });
    }
    assertThat(printed.toString().lines().toList())
        .singleElement()
        .asString()
        .matches("  \\.\\.\\. polishing it \\([23] s\\)");
  }

  @Test
  void aTerminalSeesOneLineRewritten() throws InterruptedException {
    try (var steps = new Steps(new PrintWriter(printed), true)) {
      steps.during(
          "making it",
          () -> {
            Thread.sleep(4_000);
            return "";
          });
      steps.done("thing", "made");
    }
    assertThat(printed.toString()).contains("\r\u001b[K  ... making it (2 s)");
    assertThat(printed.toString())
        .endsWith("\r\u001b[K  thing        made" + System.lineSeparator());
  }
}
