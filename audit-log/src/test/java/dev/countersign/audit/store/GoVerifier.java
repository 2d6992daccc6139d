package dev.countersign.audit.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A verifier that we did not write: Go's `sumdb/note` and `sumdb/tlog`, as Debian packages them.
/// See `src/test/go/verifylog`.
final class GoVerifier {
  private static final Path SOURCE = Path.of("src/test/go/verifylog").toAbsolutePath();
  private static final Path LIBRARIES = Path.of("/usr/share/gocode");
  private static final long PATIENCE_SECONDS = 120;

  private final Path program;

  private GoVerifier(Path program) {
    this.program = program;
  }

  /// What it said, and whether it was content.
  record Verdict(boolean good, String output) {}

  /// Compiles it, without any network.
  ///
  /// @param directory for the program
  static GoVerifier build(Path directory) throws IOException, InterruptedException {
    if (!Files.isDirectory(LIBRARIES.resolve("src/golang.org/x/mod/sumdb/tlog"))) {
      throw new AssertionError(
          "Go's tlog library is missing: apt-get install golang-golang-x-mod-dev");
    }
    Path program = Files.createDirectories(directory).resolve("verifylog");
    Verdict built = run(List.of("go", "build", "-o", program.toString(), "."), SOURCE);
    if (!built.good()) {
      throw new AssertionError("the Go verifier does not compile:\n" + built.output());
    }
    return new GoVerifier(program);
  }

  /// Verifies an exported log.
  ///
  /// @param key the verifier key in its text form
  /// @param proofs `*.tlog-proof` and `*.consistency` files
  Verdict verify(Path log, String key, List<Path> proofs) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString(), log.toString(), key));
    proofs.forEach(proof -> command.add(proof.toString()));
    return run(command, log);
  }

  private static Verdict run(List<String> command, Path directory)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "GO111MODULE", "off",
                "GOPATH", LIBRARIES.toString(),
                "GOFLAGS", "",
                "GOPROXY", "off",
                "GOTOOLCHAIN", "local",
                "CGO_ENABLED", "0",
                "GOCACHE", Path.of("target/go-cache").toAbsolutePath().toString()));
    Process process = start(builder, command.getFirst());
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command.getFirst() + " does not end: " + output);
    }
    return new Verdict(process.exitValue() == 0, output);
  }

  private static Process start(ProcessBuilder builder, String program) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new AssertionError(program + " cannot be run: apt-get install golang-go", e);
    }
  }
}
