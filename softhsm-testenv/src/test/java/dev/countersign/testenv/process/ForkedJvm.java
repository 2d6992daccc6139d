package dev.countersign.testenv.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Another JVM with this one's class path, to be killed.
public final class ForkedJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  public ForkedJvm(Class<?> main, Map<String, String> environment, String... arguments)
      throws IOException {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    line.add(System.getProperty("java.class.path"));
    line.add(main.getName());
    line.addAll(List.of(arguments));
    var builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = builder.start();
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /// Waits for the first line with this beginning; returns everything said so far.
  public String awaitLine(String beginning) throws IOException {
    var said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      if (line.startsWith(beginning)) {
        return said.toString();
      }
    }
    throw new AssertionError("the forked JVM ended without '" + beginning + "':\n" + said);
  }

  /// Waits for the line `READY …` and returns the rest of it.
  String awaitReady() throws IOException {
    var said = awaitLine("READY ");
    return said.substring(said.lastIndexOf("READY ") + 6).strip();
  }

  /// Waits for its end and returns everything it said.
  public String output() throws IOException {
    var said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
    }
    return said.toString();
  }

  /// Waits for its end.
  public int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// SIGTERM: shutdown hooks run.
  public void terminate() throws InterruptedException {
    // Not Process.destroy, which closes the output too.
    assertThat(process.toHandle().destroy()).isTrue();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
