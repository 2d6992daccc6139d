package dev.countersign.server.settings;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/// A HashiCorp Vault, or OpenBao, whose transit engine encrypts a key.
///
/// @param address `https://host:port`; `http` for `localhost` and literal loopback addresses only
/// @param authority the certificates that Vault's own must lead to, PEM; those of the JDK without
/// @param mount where the transit engine is mounted
/// @param transitKey name of the key there
public record VaultSettings(
    URI address,
    Optional<Path> authority,
    Optional<String> namespace,
    String mount,
    String transitKey,
    Login login) {

  /// How this server shows who it is.
  public sealed interface Login {
    /// @param file with a token, which somebody else renews
    record Token(SecretFile file) implements Login {}

    /// The AppRole method.
    record AppRole(String roleId, SecretFile secretId) implements Login {}
  }

  static VaultSettings read(Section section) {
    VaultSettings settings =
        new VaultSettings(
            address(section),
            section.optionalPath("authority", "those of the JDK"),
            Optional.of(section.text("namespace", "", "none")).filter(text -> !text.isEmpty()),
            section.text("mount", "transit"),
            section.text("transitKey"),
            login(section));
    section.end();
    return settings;
  }

  /// What is wrong is told without the address, which may have a password.
  private static URI address(Section section) {
    URI address;
    try {
      address = new URI(section.text("address"));
    } catch (URISyntaxException e) {
      throw section.wrong("address", "expected https://host:port, got none: " + e.getReason());
    }
    String authority = Optional.ofNullable(address.getRawAuthority()).orElse("");
    if (authority.contains("@")) {
      throw section.wrong(
          "address",
          "expected https://host:port without a user before the host: see tokenFile and appRole");
    }
    boolean safe =
        "https".equals(address.getScheme())
            || ("http".equals(address.getScheme()) && isThisMachine(address));
    if (!safe || address.getHost() == null) {
      throw section.wrong(
          "address",
          "expected https://host:port, or http on this machine (localhost, 127.0.0.1, [::1]), got "
              + address);
    }
    return address;
  }

  /// By what is written alone: a name that leads here now can lead elsewhere when Vault is asked.
  private static boolean isThisMachine(URI address) {
    String host = Optional.ofNullable(address.getHost()).orElse("");
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host.replaceAll("^\\[|]$", "")).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Login login(Section section) {
    Optional<Path> token = section.optionalPath("tokenFile", "none: AppRole");
    if (!section.has("appRole")) {
      return new Login.Token(
          new SecretFile(
              token.orElseThrow(() -> section.wrong("tokenFile", "expected it, or appRole"))));
    }
    if (token.isPresent()) {
      throw section.wrong("tokenFile", "expected it or appRole, not both");
    }
    Section role = section.section("appRole");
    Login login = new Login.AppRole(role.text("roleId"), new SecretFile(role.path("secretIdFile")));
    role.end();
    return login;
  }
}
