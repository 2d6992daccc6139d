package dev.countersign.testenv.softhsm;

import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.TestEnvironmentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// An initialised SoftHSM token in a private directory.
///
/// SoftHSM reads `SOFTHSM2_CONF` from the environment of the process that loads it, at
/// `C_Initialize`: another process is started with [#environment], this one calls
/// [#useInThisProcess] first.
public final class SoftHsmToken {
  static final String CONFIGURATION_VARIABLE = "SOFTHSM2_CONF";

  private final SoftHsmInstallation installation;
  private final Path directory;
  private final String label;
  private final long slot;

  SoftHsmToken(SoftHsmInstallation installation, Path directory, String label, long slot) {
    this.installation = installation;
    this.directory = directory;
    this.label = label;
    this.slot = slot;
  }

  /// {@return the PKCS#11 module, an absolute path}
  public Path module() {
    return installation.module();
  }

  /// {@return the program `softhsm2-util` that fits the module}
  public Path tool() {
    return installation.tool();
  }

  /// {@return `softhsm2.conf`, the value for `SOFTHSM2_CONF`}
  public Path configuration() {
    return directory.resolve("softhsm2.conf");
  }

  /// {@return the token's label, which stays; find the token by it}
  public String label() {
    return label;
  }

  /// {@return the slot the token is in. SoftHSM derives it from the token's serial number, so it
  /// stays for this token and is another one for the next}
  public long slot() {
    return slot;
  }

  /// {@return the file with the user PIN, readable by its owner alone, no line end}
  public Path pinFile() {
    return directory.resolve("user.pin");
  }

  /// {@return the file with the security officer's PIN, readable by its owner alone, no line end}
  public Path securityOfficerPinFile() {
    return directory.resolve("so.pin");
  }

  /// {@return the user PIN; the caller wipes it}
  public char[] pin() {
    try {
      return OwnerOnly.read(pinFile());
    } catch (IOException e) {
      throw new TestEnvironmentException(
          "the token's PIN file " + pinFile() + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// {@return the variables a process that uses the token needs}
  public Map<String, String> environment() {
    return Map.of(CONFIGURATION_VARIABLE, configuration().toString());
  }

  /// Makes this JVM find the token. Call it before anything here initialises the module
  /// (`SunPKCS11`, a Foreign Function binding); the C library's environment changes,
  /// [System#getenv] does not.
  ///
  /// @throws TestEnvironmentException when this JVM already uses the token of another directory
  public void useInThisProcess() {
    ProcessEnvironment.setOnce(CONFIGURATION_VARIABLE, configuration().toString());
  }
}
