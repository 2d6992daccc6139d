package dev.countersign.testenv.softhsm;

import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.process.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Creates a token in a directory, or takes the one that is there.
///
/// Layout: `softhsm2.conf`, `tokens/`, `user.pin`, `so.pin`; directories 0700, files 0600.
public final class SoftHsmProvisioner {
  private final SoftHsmInstallation installation;
  private final SecureRandom random;

  /// @param installation from [SoftHsmInstallation#find]
  /// @param random makes the PINs
  public SoftHsmProvisioner(SoftHsmInstallation installation, SecureRandom random) {
    this.installation = installation;
    this.random = random;
  }

  /// Provides the token. Calling it again, in this process or a later one, gives the same token
  /// with its keys.
  ///
  /// @param directory private to the token
  /// @param label 1 to 32 characters of `[A-Za-z0-9._-]`
  public SoftHsmToken provision(Path directory, String label) {
    if (!label.matches("[A-Za-z0-9._-]{1,32}")) {
      throw new IllegalArgumentException(
          "token label '" + label + "': expected 1 to 32 characters of [A-Za-z0-9._-]");
    }
    var home = directory.toAbsolutePath().normalize();
    try {
      OwnerOnly.directory(home);
      var tokens = OwnerOnly.directory(home.resolve("tokens"));
      OwnerOnly.replace(
          home.resolve("softhsm2.conf"),
          """
          directories.tokendir = %s
          objectstore.backend = file
          log.level = ERROR
          slots.removable = false
          """
              .formatted(tokens)
              .getBytes(StandardCharsets.UTF_8));
      var slot = slotOf(home, label);
      if (slot.isEmpty()) {
        initialise(home, label);
        slot = slotOf(home, label);
      }
      return new SoftHsmToken(
          installation,
          home,
          label,
          slot.orElseThrow(
              () ->
                  new TestEnvironmentException(
                      "SoftHSM does not show the token "
                          + label
                          + " it has just made in "
                          + home)));
    } catch (IOException e) {
      throw new TestEnvironmentException(
          "cannot keep a token in " + home + ": " + e.getMessage(), e);
    }
  }

  // The PINs stand on a command line for some milliseconds. They open nothing without the token's
  // files,
  // which only their owner can read.
  private void initialise(Path home, String label) throws IOException {
    char[] userPin = OwnerOnly.secret(home.resolve("user.pin"), random);
    char[] officerPin = OwnerOnly.secret(home.resolve("so.pin"), random);
    var exit =
        tool(
            home,
            List.of(
                "--init-token",
                "--free",
                "--label",
                label,
                "--pin",
                new String(userPin),
                "--so-pin",
                new String(officerPin)));
    Arrays.fill(userPin, '\0');
    Arrays.fill(officerPin, '\0');
    if (!exit.succeeded()) {
      throw failed("--init-token", exit);
    }
  }

  private OptionalLong slotOf(Path home, String label) throws IOException {
    var exit = tool(home, List.of("--show-slots"));
    if (!exit.succeeded()) {
      throw failed("--show-slots", exit);
    }
    return SlotList.slotOf(exit.output(), label);
  }

  private Command.Exit tool(Path home, List<String> arguments) throws IOException {
    var line = new ArrayList<String>();
    line.add(installation.tool().toString());
    line.addAll(List.of("--module", installation.module().toString()));
    line.addAll(arguments);
    return new Command(
            line,
            Map.of(
                SoftHsmToken.CONFIGURATION_VARIABLE,
                home.resolve("softhsm2.conf").toString(),
                "LC_ALL",
                "C"),
            home,
            Duration.ofMinutes(1))
        .run();
  }

  private TestEnvironmentException failed(String what, Command.Exit exit) {
    return new TestEnvironmentException(
        installation.tool()
            + " "
            + what
            + " ended with "
            + exit.code()
            + ":\n  "
            + exit.output()
            + "\n  module: "
            + installation.module()
            + (Files.isReadable(installation.module()) ? "" : " (not readable)"));
  }
}
