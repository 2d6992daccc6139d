package dev.countersign.cli.sandbox;

import dev.countersign.cli.certificate.CertificateFolder;
import dev.countersign.cli.certificate.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/// The certificates of a sandbox.
///
/// @param authority issued all others
record Certificates(Path authority, PemFiles server, Map<SandboxClient, PemFiles> clients) {

  static Certificates provide(Path directory, SecureRandom random, InstantSource clock)
      throws IOException {
    var folder = CertificateFolder.open(directory, "Countersign sandbox", random, clock);
    var clients = new EnumMap<SandboxClient, PemFiles>(SandboxClient.class);
    for (SandboxClient client : SandboxClient.values()) {
      clients.put(client, folder.client(client.id()));
    }
    return new Certificates(folder.authority(), folder.server("server"), clients);
  }

  PemFiles of(SandboxClient client) {
    var files = clients.get(client);
    if (files == null) {
      throw new IllegalStateException("no certificate for " + client);
    }
    return files;
  }
}
