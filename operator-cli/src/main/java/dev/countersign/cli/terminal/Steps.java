package dev.countersign.cli.terminal;

import dev.countersign.testenv.Progress;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Shows the steps of a long command: a line for each when it is done, and, for one that takes
/// over two seconds, what it is doing meanwhile. On a terminal that line is rewritten each second;
/// elsewhere a new one is printed at two seconds and then every ten.
///
/// Safe for use by several threads.
public final class Steps implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration QUIET = Duration.ofSeconds(10);
  private static final int LABEL_WIDTH = 12;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private final Thread clock;
  private @Nullable Running running;
  private boolean lineIsOpen;

  /// @param out where the steps are printed
  /// @param terminal whether a person looks at it, so that lines can be rewritten
  public Steps(PrintWriter out, boolean terminal) {
    this(out, terminal, System::nanoTime);
    clock.start();
  }

  /// Steps whose clock stands still: who made them says when to [#tick].
  Steps(PrintWriter out, boolean terminal, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.clock = Thread.ofPlatform().daemon().name("steps").unstarted(this::tickEverySecond);
  }

  /// {@return steps on standard output}
  public static Steps onStandardOutput(PrintWriter out) {
    return new Steps(
        out, Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent());
  }

  /// Work that may fail in any way.
  ///
  /// @param <T> what it gives
  /// @param <E> how it fails
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    /// Does it.
    T run() throws E;
  }

  /// Does a step. Nothing is printed when it is done: [#done] says what came of it.
  ///
  /// @param doing what it does, for the one who waits: `waiting for the server`
  public <T, E extends Exception> T during(String doing, Work<T, E> work) throws E {
    synchronized (this) {
      running = new Running(doing, nanoTime.getAsLong());
    }
    try {
      return work.run();
    } finally {
      synchronized (this) {
        clearLine();
        running = null;
      }
    }
  }

  /// {@return what tells this about the parts of a running step}
  public Progress progress() {
    return doing -> {
      synchronized (this) {
        if (running != null) {
          running = new Running(doing, running.since);
        }
      }
    };
  }

  /// Prints what came of a step.
  ///
  /// @param label one word
  public synchronized void done(String label, String outcome) {
    clearLine();
    out.printf("  %-" + LABEL_WIDTH + "s %s%n", label, outcome);
    out.flush();
  }

  /// Prints another line about the step above.
  public synchronized void more(String text) {
    done("", text);
  }

  /// Prints a line as it is.
  public synchronized void line(String text) {
    clearLine();
    out.println(text);
    out.flush();
  }

  private void tickEverySecond() {
    try {
      while (true) {
        Thread.sleep(Duration.ofSeconds(1));
        tick();
      }
    } catch (InterruptedException e) {
      // Closed.
      return;
    }
  }

  synchronized void tick() {
    if (running == null) {
      return;
    }
    var lasted = Duration.ofNanos(nanoTime.getAsLong() - running.since);
    var due = running.shownAt == null ? PATIENCE : running.shownAt.plus(QUIET);
    if (lasted.compareTo(terminal ? PATIENCE : due) < 0) {
      return;
    }
    var text = String.format(Locale.ROOT, "  ... %s (%d s)", running.doing, lasted.toSeconds());
    if (terminal) {
      out.print(CLEAR_LINE + text);
      lineIsOpen = true;
    } else {
      out.println(text);
      running.shownAt = lasted;
    }
    out.flush();
  }

  private void clearLine() {
    if (lineIsOpen) {
      out.print(CLEAR_LINE);
      out.flush();
      lineIsOpen = false;
    }
  }

  @Override
  public void close() {
    clock.interrupt();
    synchronized (this) {
      clearLine();
    }
  }

  /// The step that is being done.
  private static final class Running {
    private final String doing;
    private final long since;
    private @Nullable Duration shownAt;

    private Running(String doing, long since) {
      this.doing = doing;
      this.since = since;
    }
  }
}
