package dev.countersign.testenv.chain;

import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.process.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// The node program: the one `COUNTERSIGN_ANVIL` names, else the one of our lock file, installed
/// into the user's cache by `npm ci`.
///
/// The lock file names the package with the Linux x86-64 binary itself, not the package that picks
/// one by platform: that one's install script fetches what it misses from elsewhere.
final class AnvilProgram {
  private static final String BINARY = "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil";
  private static final List<String> NPM_FILES =
      List.of("package.json", "package-lock.json", ".npmrc");

  private AnvilProgram() {}

  static Path find(ToolCache cache, Progress progress) {
    return find(System.getenv(), cache, progress);
  }

  static Path find(Map<String, String> environment, ToolCache cache, Progress progress) {
    var named = environment.getOrDefault("COUNTERSIGN_ANVIL", "");
    if (!named.isBlank()) {
      var program = Path.of(named).toAbsolutePath();
      if (!Files.isExecutable(program)) {
        throw new TestEnvironmentException(
            "COUNTERSIGN_ANVIL is " + named + ", which is no program; expected the path of anvil");
      }
      return program;
    }
    return cache
        .obtain(
            "anvil-" + fingerprint(), "installing the chain node", progress, AnvilProgram::install)
        .resolve(BINARY);
  }

  private static String fingerprint() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(resource("package-lock.json")), 0, 8);
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new TestEnvironmentException("cannot read package-lock.json: " + e.getMessage(), e);
    }
  }

  private static void install(Path directory) throws IOException {
    if (!Command.exists("npm")) {
      throw notInstalled("npm is not on the PATH");
    }
    for (String file : NPM_FILES) {
      Files.write(directory.resolve(file), resource(file));
    }
    var line = List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    var exit = new Command(line, Map.of(), directory, Duration.ofMinutes(5)).run();
    if (!exit.succeeded() || !Files.isExecutable(directory.resolve(BINARY))) {
      throw notInstalled("npm ci ended with " + exit.code() + ":\n  " + exit.output());
    }
  }

  private static TestEnvironmentException notInstalled(String why) {
    return new TestEnvironmentException(
        "cannot install the chain node: "
            + why
            + "\n"
            + "  Install Node.js 20 or newer with npm (Debian, Ubuntu: apt-get install nodejs npm);"
            + " on other machines than Linux x86-64 install anvil yourself and set"
            + " COUNTERSIGN_ANVIL to its path.");
  }

  private static byte[] resource(String name) throws IOException {
    try (var in = AnvilProgram.class.getResourceAsStream("anvil/" + name)) {
      if (in == null) {
        throw new IOException("resource anvil/" + name + " is missing");
      }
      return in.readAllBytes();
    }
  }

  static String text(String resource) {
    try (var in = AnvilProgram.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("resource " + resource + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new TestEnvironmentException("cannot read " + resource + ": " + e.getMessage(), e);
    }
  }
}
