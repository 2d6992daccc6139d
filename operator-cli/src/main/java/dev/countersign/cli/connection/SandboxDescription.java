package dev.countersign.cli.connection;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.countersign.cli.CommandException;
import dev.countersign.testenv.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `sandbox.json`: what other programs need to use a sandbox. Keys are added over time and never
/// renamed. Paths are absolute. Secrets are not in it: it names files that only their owner can
/// read.
///
/// While the sandbox is not up, `ready` is false and only `home` is there for sure.
///
/// @param home the sandbox's directory
/// @param ready whether everything below is up
/// @param grpc how a trading service connects
/// @param protos a folder with the `.proto` files, and all that they import
/// @param metrics the Prometheus endpoint
/// @param chains the dev chains
/// @param vaults the vaults
/// @param wallets the wallets
/// @param clients every client that may connect, with its certificate
/// @param approvers who may change the policy, with the keys that were made for them
/// @param audit the exported audit log and what it is verified with
/// @param postgres the database, as its superuser
/// @param pids the processes; only while they run
/// @param jsonRpc how tools for Ethereum connect, in the name of `trading-desk`
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SandboxDescription(
    String home,
    boolean ready,
    @Nullable Grpc grpc,
    @Nullable String protos,
    @Nullable Metrics metrics,
    @Nullable List<Chain> chains,
    @Nullable List<Vault> vaults,
    @Nullable List<Wallet> wallets,
    @Nullable List<Client> clients,
    @Nullable List<Approver> approvers,
    @Nullable Audit audit,
    @Nullable Postgres postgres,
    @Nullable Pids pids,
    @Nullable JsonRpc jsonRpc) {

  /// The file's name in the sandbox's home.
  public static final String FILE = "sandbox.json";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /// @param target host and port
  /// @param ca PEM file of the authority that both sides trust
  /// @param cert PEM file of the client `trading-desk`
  /// @param key PEM file of its key
  public record Grpc(String target, String ca, String cert, String key) {}

  /// @param url for the dev chain, with the authority of `grpc`
  /// @param token file with the bearer token, without line end
  public record JsonRpc(String url, String token) {}

  /// @param url answers to GET in Prometheus' text format
  public record Metrics(String url) {}

  /// @param id CAIP-2
  /// @param name for people
  /// @param rpc JSON-RPC endpoint
  public record Chain(String id, String name, String rpc) {}

  /// @param tier `hot`, `warm` or `cold`
  public record Vault(String id, String name, String tier) {}

  /// @param vault the id of its vault
  /// @param address with EIP-55 checksum
  /// @param backend the name of the key backend
  public record Wallet(String id, String name, String vault, String address, String backend) {}

  /// @param cert PEM file
  /// @param key PEM file
  public record Client(String name, String cert, String key) {}

  /// @param signKey file of the key, for `--sign-key`
  public record Approver(String name, String signKey) {}

  /// @param url of the folder with the exported log, `file:`
  /// @param published where the server serves the log's files, `http:`
  /// @param origin the log's name
  /// @param verifierKey C2SP signed-note form `name+hash+key`
  public record Audit(String url, String published, String origin, String verifierKey) {}

  /// @param url for JDBC, without credentials
  /// @param passwordFile without line end
  public record Postgres(String url, String user, String passwordFile) {}

  /// The process ids.
  public record Pids(long server, long postgres, long chain) {}

  /// A sandbox that is on its way up, or was.
  public static SandboxDescription notReady(Path home) {
    return new SandboxDescription(
        home.toString(),
        false,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /// {@return the same for a sandbox that is being stopped: nobody shall look for its processes}
  public SandboxDescription stopped() {
    return new SandboxDescription(
        home, false, grpc, protos, metrics, chains, vaults, wallets, clients, approvers, audit,
        postgres, null, null);
  }

  /// Reads the description in a sandbox's home.
  ///
  /// @throws CommandException when there is none
  public static SandboxDescription read(Path home) {
    var file = home.resolve(FILE);
    try {
      return JSON.readValue(Files.readString(file), SandboxDescription.class);
    } catch (NoSuchFileException e) {
      throw CommandException.unavailable(
          "no sandbox in "
              + home.toAbsolutePath().normalize()
              + ": start one with ./countersign sandbox, or name a server with --server, --ca,"
              + " --cert and --key",
          e);
    } catch (IOException e) {
      throw CommandException.unavailable(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// Replaces the description in the home at once: a reader sees the old one or this one.
  public void write(Path directory) throws IOException {
    OwnerOnly.replace(directory.resolve(FILE), (json() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of text has no JSON form", e);
    }
  }
}
