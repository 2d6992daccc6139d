package dev.countersign.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Takes the token of a deployment away, as if somebody pulled the HSM's cable.
final class TokenAbsence implements AutoCloseable {
  private final Path there;
  private final Path away;

  TokenAbsence(Deployment deployment) throws IOException {
    there = deployment.token().configuration().resolveSibling("tokens");
    away = there.resolveSibling("tokens-away");
    Files.move(there, away);
  }

  /// Puts it back, if it is away.
  void end() throws IOException {
    if (Files.exists(away)) {
      Files.move(away, there);
    }
  }

  @Override
  public void close() throws IOException {
    end();
  }
}
