package dev.countersign.server.settings;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.pipeline.SigningPipeline;
import dev.countersign.hsm.pkcs11.Pkcs11Config;
import dev.countersign.server.access.CertificateFingerprint;
import dev.countersign.server.access.MutualTls;
import dev.countersign.server.access.RegisteredClient;
import dev.countersign.server.access.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Everything the configuration file says.
///
/// @param instance the name of this instance among its equals
/// @param chains the directory of the chain definitions
/// @param permitKey the secret that permits and the active policy are sealed with
/// @param policy where policies begin
/// @param stopPatience how long a stop waits for calls that are being served
/// @param jsonRpc where JSON-RPC is served; nothing when it is not
/// @param file SHA-256 of the file's bytes
public record Settings(
    String instance,
    ListenSettings grpc,
    MutualTls tls,
    ListenSettings http,
    DatabaseSettings database,
    List<RegisteredClient> clients,
    Path chains,
    List<Pkcs11Config> keyBackends,
    SecretFile permitKey,
    PolicySettings policy,
    AuditSettings audit,
    SigningPipeline.Limits batch,
    Duration stopPatience,
    Optional<JsonRpcSettings> jsonRpc,
    Digest32 file) {

  private static final int GRPC_PORT = 7443;
  private static final int HTTP_PORT = 7080;

  static Settings read(Section section, String hostName, Digest32 file) {
    Section grpc = section.section("grpc");
    Settings settings =
        new Settings(
            section.text("instance", hostName, "the host's name"),
            ListenSettings.read(grpc, GRPC_PORT),
            tls(grpc),
            http(section.section("http")),
            DatabaseSettings.read(section.section("database")),
            section.sections("clients").stream().map(Settings::client).toList(),
            section.path("chains"),
            section.sections("keyBackends").stream().map(Settings::keyBackend).toList(),
            permitKey(section.section("permits")),
            PolicySettings.read(section.section("policy")),
            AuditSettings.read(section.section("audit")),
            batch(section.section("batch")),
            section.duration("stopPatience", "20s"),
            section.has("jsonRpc")
                ? Optional.of(JsonRpcSettings.read(section.section("jsonRpc")))
                : Optional.empty(),
            file);
    section.end();
    return settings;
  }

  private static MutualTls tls(Section grpc) {
    MutualTls tls =
        new MutualTls(grpc.path("certificate"), grpc.path("key"), grpc.path("clientAuthority"));
    grpc.end();
    return tls;
  }

  private static ListenSettings http(Section section) {
    ListenSettings http = ListenSettings.read(section, HTTP_PORT);
    section.end();
    return http;
  }

  private static RegisteredClient client(Section section) {
    RegisteredClient client =
        new RegisteredClient(
            section.value("name", ClientId::new),
            Set.copyOf(section.each("certificates", CertificateFingerprint::new)),
            Set.copyOf(section.each("roles", role -> role(section, role))));
    section.end();
    return client;
  }

  private static Role role(Section section, String name) {
    for (Role role : Role.values()) {
      if (role.name().equals(name)) {
        return role;
      }
    }
    throw section.wrong(
        "roles", "expected of %s, got \"%s\"".formatted(List.of(Role.values()), name));
  }

  private static Pkcs11Config keyBackend(Section section) {
    Pkcs11Config config =
        new Pkcs11Config(
            section.value("name", BackendName::new),
            section.path("library"),
            section.text("tokenLabel"),
            section.path("pinFile"),
            section.integer("parallelism", 4, 1, 1_024));
    section.end();
    return config;
  }

  private static SecretFile permitKey(Section section) {
    SecretFile key = new SecretFile(section.path("keyFile"));
    section.end();
    return key;
  }

  private static SigningPipeline.Limits batch(Section section) {
    SigningPipeline.Limits standard = SigningPipeline.Limits.DEFAULT;
    SigningPipeline.Limits limits =
        new SigningPipeline.Limits(
            section.integer("largest", standard.largestBatch(), 1, 4_096),
            section.integer("mostInFlight", standard.mostInFlight(), 1, 1_000_000));
    section.end();
    return limits;
  }
}
