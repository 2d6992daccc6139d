package dev.countersign.cli.testing;

import dev.countersign.cli.Countersign;
import dev.countersign.cli.certificate.CertificateFolder;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/// A server over mutual TLS that has one service, which says what a test has it say.
public final class FakeServer implements AutoCloseable {
  private final Server server;
  private final List<String> connection;

  /// @param directory for certificates
  /// @param client who calls
  public FakeServer(Path directory, String client, BindableService service) throws IOException {
    var folder =
        CertificateFolder.open(
            directory.resolve("tls"), "test", new SecureRandom(), InstantSource.system());
    var own = folder.server("server");
    var shown = folder.client(client);
    server =
        Grpc.newServerBuilderForPort(
                0,
                TlsServerCredentials.newBuilder()
                    .keyManager(own.certificate().toFile(), own.key().toFile())
                    .trustManager(folder.authority().toFile())
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                    .build())
            .addService(service)
            .build()
            .start();
    connection =
        List.of(
            "--server=localhost:" + server.getPort(),
            "--ca=" + folder.authority(),
            "--cert=" + shown.certificate(),
            "--key=" + shown.key());
  }

  /// What a command said, and its exit code.
  public record Said(int exitCode, String out, String err) {

    /// Runs a command as it stands.
    public static Said of(String... command) {
      var out = new StringWriter();
      var err = new StringWriter();
      int code =
          Countersign.commandLine()
              .setOut(new PrintWriter(out))
              .setErr(new PrintWriter(err))
              .execute(command);
      return new Said(code, out.toString(), err.toString());
    }
  }

  /// The options that lead a command here.
  public List<String> connection() {
    return connection;
  }

  /// Runs a command against it.
  public Said run(String... command) {
    return Said.of(Stream.concat(Stream.of(command), connection.stream()).toArray(String[]::new));
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
