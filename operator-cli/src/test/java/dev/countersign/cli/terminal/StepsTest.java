package dev.countersign.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StepsTest {
  private final StringWriter printed = new StringWriter();
  private long now;

  @Test
  void aQuickStepShowsItsOutcomeAlone() {
    try (var steps = new Steps(new PrintWriter(printed), false)) {
      String made = steps.during("making it", () -> "made");
      steps.done("thing", made);
    }
    assertThat(printed).hasToString("  thing        made" + System.lineSeparator());
  }

  @Test
  void aStepOverTwoSecondsSaysWhatItDoes() {
    try (var steps = new Steps(new PrintWriter(printed), false, () -> now)) {
      steps.during(
          "making it",
          () -> {
            steps.progress().starting("polishing it");
            tickAt(steps, 1, 2, 3, 11, 12, 13);
            return "";
          });
    }
    assertThat(printed.toString().lines())
        .containsExactly("  ... polishing it (2 s)", "  ... polishing it (12 s)");
  }

  @Test
  void aTerminalSeesOneLineRewritten() {
    try (var steps = new Steps(new PrintWriter(printed), true, () -> now)) {
      steps.during(
          "making it",
          () -> {
            tickAt(steps, 1, 2, 3);
            return "";
          });
      steps.done("thing", "made");
    }
    assertThat(printed)
        .hasToString(
            "\r\u001b[K  ... making it (2 s)\r\u001b[K  ... making it (3 s)"
                + "\r\u001b[K  thing        made"
                + System.lineSeparator());
  }

  @Test
  void theClockOfAStepTicksByItself() throws InterruptedException {
    var seen = new CountDownLatch(1);
    var noticing =
        new PrintWriter(printed) {
          @Override
          public void flush() {
            seen.countDown();
          }
        };
    try (var steps = new Steps(noticing, false)) {
      assertThat(steps.during("making it", () -> seen.await(30, TimeUnit.SECONDS))).isTrue();
    }
    assertThat(printed.toString()).startsWith("  ... making it (");
  }

  private void tickAt(Steps steps, int... seconds) {
    for (int second : seconds) {
      now = TimeUnit.SECONDS.toNanos(second);
      steps.tick();
    }
  }
}
