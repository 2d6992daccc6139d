package dev.countersign.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `./countersign`, in a small tree of its own with a Maven and a JDK that only note
/// what they were asked.
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "countersign");

  /// All it may call besides Maven and Java.
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "dirname",
          "env",
          "find",
          "grep",
          "head",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sh",
          "sleep",
          "tail",
          "touch");

  @TempDir private Path directory;
  private Path tree;
  private Path bin;

  record Ended(int exitCode, String out, String err) {}

  @BeforeEach
  void plantTree() throws IOException {
    tree = Files.createDirectory(directory.resolve("tree with space"));
    Files.copy(SCRIPT, tree.resolve("countersign"));
    executable(tree.resolve("countersign"));
    Files.createDirectories(tree.resolve(".mvn"));
    write(tree.resolve("pom.xml"), "<project/>");
    write(tree.resolve("operator-cli/pom.xml"), "<project/>");
    write(tree.resolve("operator-cli/src/main/java/A.java"), "class A {}");
    bin = Files.createDirectory(directory.resolve("bin"));
    for (String tool : TOOLS) {
      Files.createSymbolicLink(bin.resolve(tool), found(tool));
    }
    var jdk = directory.resolve("jdk");
    write(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.3\"\n");
    program(jdk.resolve("bin/javac"), "exit 1");
    program(
        jdk.resolve("bin/java"),
        """
        if [ "$1" = -version ]; then echo 'openjdk version "25"' >&2; exit; fi
        printf '%s\\n' "$@"
        """);
    program(
        bin.resolve("mvn"),
        """
        printf '%s\\n' "$@" >>"$CALLS"
        mkdir -p operator-cli/target/lib
        : >operator-cli/target/operator-cli-1.jar
        echo "[ERROR] something broke"
        exit "${MAVEN_EXIT:-0}"
        """);
  }

  @Test
  void buildsOnFirstUseAndRunsTheCommand() throws Exception {
    var ended = run(Map.of(), "wallet", "list", "two words");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.err()).contains("building on first use").contains("built in");
    assertThat(ended.out())
        .endsWith(
            "-jar\n" + tree + "/operator-cli/target/operator-cli-1.jar\nwallet\nlist\ntwo words\n")
        .contains("-Dcountersign.root=" + tree + "\n");
    assertThat(calls()).contains("operator-cli,signer-server").contains("-DskipTests");
  }

  @Test
  void doesNotBuildAgainWhileNothingChanged() throws Exception {
    run(Map.of());
    long began = System.nanoTime();
    var second = run(Map.of());
    assertThat(second.exitCode()).isZero();
    assertThat(second.err()).isEmpty();
    assertThat(calls().lines().filter("package"::equals)).hasSize(1);
    // The bound is for a busy machine; alone it takes 30 ms.
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(3));
  }

  @Test
  void buildsAgainWhenASourceChanged() throws Exception {
    run(Map.of());
    later(tree.resolve("operator-cli/src/main/java/A.java"));
    assertThat(run(Map.of()).err()).contains("the sources changed");
  }

  @Test
  void buildsAgainWhenASourceWentAway() throws Exception {
    run(Map.of());
    Files.delete(tree.resolve("operator-cli/src/main/java/A.java"));
    later(tree.resolve("operator-cli/src/main/java"));
    assertThat(run(Map.of()).err()).contains("the sources changed");
  }

  @Test
  void aFailedBuildNamesItsLogAndIsTriedAgain() throws Exception {
    var failed = run(Map.of("MAVEN_EXIT", "1"));
    assertThat(failed.exitCode()).isEqualTo(3);
    assertThat(failed.err())
        .contains("[ERROR] something broke")
        .contains("everything it said is in " + tree + "/operator-cli/target/launcher/build.log");
    assertThat(failed.out()).isEmpty();
    assertThat(run(Map.of()).err()).contains("building on first use");
  }

  @Test
  void passesOnWordsForMaven() throws Exception {
    run(Map.of("COUNTERSIGN_MAVEN_ARGS", "-o -Dmaven.repo.local=/some/where"));
    assertThat(calls()).contains("-o\n-Dmaven.repo.local=/some/where\n");
  }

  @Test
  void explainsHowToGetMaven() throws Exception {
    Files.delete(bin.resolve("mvn"));
    var ended = run(Map.of());
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.err()).contains("Maven is missing").contains("apt-get install maven");
  }

  @Test
  void takesNoJdkOfAnotherVersion() throws Exception {
    write(directory.resolve("jdk/release"), "JAVA_VERSION=\"21.0.1\"\n");
    var own =
        Files.createSymbolicLink(directory.resolve("25"), Path.of(System.getProperty("java.home")));
    // The real one says that the jar is none.
    var ended = run(Map.of("JAVA25_HOME", own.toString()));
    assertThat(ended.err()).contains("operator-cli-1.jar");
    assertThat(ended.exitCode()).isEqualTo(1);
  }

  @Test
  void neverBuildsWhenTold() throws Exception {
    var ended = run(Map.of("COUNTERSIGN_BUILD", "never"));
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.err()).contains("nothing is built");
    assertThat(directory.resolve("calls")).doesNotExist();
  }

  @Test
  void aBuilderThatDiedHoldsNobodyUp() throws Exception {
    write(tree.resolve("operator-cli/target/launcher/lock/pid"), "999999999");
    assertThat(run(Map.of()).err()).contains("built in");
    assertThat(tree.resolve("operator-cli/target/launcher/lock")).doesNotExist();
  }

  @Test
  void worksThroughASymbolicLink() throws Exception {
    var link = Files.createSymbolicLink(bin.resolve("cs"), tree.resolve("countersign"));
    var ended = start(link, Map.of(), "x");
    assertThat(ended.out()).contains("-Dcountersign.root=" + tree + "\n");
  }

  private Ended run(Map<String, String> environment, String... arguments) throws Exception {
    return start(tree.resolve("countersign"), environment, arguments);
  }

  private Ended start(Path script, Map<String, String> environment, String... arguments)
      throws Exception {
    var out = directory.resolve("out");
    var err = directory.resolve("err");
    var line = new ArrayList<String>();
    line.add(script.toString());
    line.addAll(List.of(arguments));
    var builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", bin.toString(),
                "HOME", directory.toString(),
                "JAVA_HOME", directory.resolve("jdk").toString(),
                "CALLS", directory.resolve("calls").toString()));
    builder.environment().putAll(environment);
    var process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static Path found(String tool) {
    return Stream.of("/usr/bin", "/bin")
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private String calls() throws IOException {
    return Files.readString(directory.resolve("calls"));
  }

  private static void later(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(60)));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.resolve("..").normalize());
    Files.writeString(file, text);
  }

  private static void program(Path file, String script) throws IOException {
    Files.createDirectories(file.resolve("..").normalize());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    executable(file);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
