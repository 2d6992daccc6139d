package dev.countersign.server.wrapping;

import dev.countersign.audit.checkpoint.KeyWrapping;
import dev.countersign.core.secret.SecretChars;
import dev.countersign.server.settings.SecretFile;
import dev.countersign.server.settings.VaultSettings;
import dev.countersign.server.settings.VaultSettings.Login;
import io.github.jopenlibs.vault.EnvironmentLoader;
import io.github.jopenlibs.vault.SslConfig;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.response.LogicalResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Vault's transit engine: what it encrypts can be decrypted there alone, by who may, and each time
/// is in Vault's own audit log. Asked once at start, and nothing is kept of the login.
///
/// The driver takes and gives strings, which cannot be wiped: for a while after a start the key is
/// in memory once more than it has to be.
public final class VaultTransit implements KeyWrapping {
  private static final String PREFIX = "vault:";
  private static final int CONNECT_SECONDS = 5;
  private static final int ANSWER_SECONDS = 10;
  private static final int OK = 200;

  /// Where nothing says otherwise the driver would take what the environment says.
  private static final class NoEnvironment extends EnvironmentLoader {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable String loadVariable(String name) {
      return null;
    }
  }

  /// It asks the environment by itself, whatever the rest of the driver was told.
  private static final class OwnTrust extends SslConfig {
    private static final long serialVersionUID = 1L;

    OwnTrust() {
      environmentLoader(new NoEnvironment());
    }
  }

  private final VaultSettings settings;

  public VaultTransit(VaultSettings settings) {
    this.settings = settings;
  }

  @Override
  public byte[] wrap(byte[] key) throws IOException {
    String encoded = Base64.getEncoder().encodeToString(key);
    String wrapped = ask("encrypt", Map.of("plaintext", encoded), "ciphertext");
    if (!wrapped.startsWith(PREFIX)) {
      throw refused("encrypt", "expected a ciphertext that begins with vault:, got another text");
    }
    return (wrapped + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public byte[] unwrap(byte[] wrapped) throws IOException {
    String ciphertext = new String(wrapped, StandardCharsets.US_ASCII).strip();
    if (!ciphertext.startsWith(PREFIX)) {
      throw new IOException(
          "it is not wrapped by Vault: expected a text that begins with vault:; a key that lay open"
              + " is to be replaced, not wrapped");
    }
    String encoded = ask("decrypt", Map.of("ciphertext", ciphertext), "plaintext");
    try {
      return Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      throw refused("decrypt", "expected base64, got another text");
    }
  }

  private String ask(String verb, Map<String, Object> request, String field) throws IOException {
    try {
      LogicalResponse response =
          connect(Optional.of(token()))
              .logical()
              .write("%s/%s/%s".formatted(settings.mount(), verb, settings.transitKey()), request);
      String value = response.getData().get(field);
      if (response.getRestResponse().getStatus() != OK || value == null) {
        throw refused(verb, "it answered " + response.getRestResponse().getStatus());
      }
      return value;
    } catch (VaultException e) {
      throw failed(verb, e);
    }
  }

  private String token() throws IOException {
    return switch (settings.login()) {
      case Login.Token(SecretFile file) -> text(file);
      case Login.AppRole(String roleId, SecretFile secretId) -> {
        try {
          yield connect(Optional.empty())
              .auth()
              .loginByAppRole(roleId, text(secretId))
              .getAuthClientToken();
        } catch (VaultException e) {
          throw failed("login", e);
        }
      }
    };
  }

  private static String text(SecretFile file) {
    try (SecretChars secret = file.read()) {
      return secret.use(String::new);
    }
  }

  private Vault connect(Optional<String> token) throws VaultException {
    VaultConfig config =
        new VaultConfig()
            .environmentLoader(new NoEnvironment())
            .address(settings.address().toString())
            .engineVersion(1)
            .openTimeout(CONNECT_SECONDS)
            .readTimeout(ANSWER_SECONDS)
            .sslConfig(trust());
    if (token.isPresent()) {
      config.token(token.get());
    }
    if (settings.namespace().isPresent()) {
      config.nameSpace(settings.namespace().get());
    }
    return Vault.create(config.build());
  }

  private SslConfig trust() throws VaultException {
    SslConfig trust = new OwnTrust().verify(true);
    if (settings.authority().isPresent()) {
      trust.pemFile(settings.authority().get().toFile());
    }
    return trust.build();
  }

  /// Vault's answer may repeat what it was asked: only its status is told.
  private IOException failed(String verb, VaultException e) {
    return e.getHttpStatusCode() == 0
        ? new IOException(
            "Vault at %s cannot be asked to %s".formatted(settings.address(), verb), e)
        : refused(verb, "it answered " + e.getHttpStatusCode());
  }

  private IOException refused(String verb, String answer) {
    return new IOException(
        "Vault at %s did not %s with the transit key %s: %s"
            .formatted(settings.address(), verb, settings.transitKey(), answer));
  }
}
