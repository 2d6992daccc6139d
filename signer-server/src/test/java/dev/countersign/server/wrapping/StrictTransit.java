package dev.countersign.server.wrapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;

/// The part of Vault's documented HTTP API that wrapping needs, and nothing else: the transit
/// engine's encrypt and decrypt of one key, and the AppRole login. Refuses what Vault would refuse,
/// as Vault does. There is no Vault to be had where tests run; [VaultTransitLive] asks a real one.
final class StrictTransit implements AutoCloseable {
  static final String KEY = "countersign-log";
  static final String TOKEN = "hvs.test-token";
  static final String ROLE = "5ab20a5e-26ae-4c5f-9c5f-0c0f5e6f1a11";
  static final String SECRET = "c1f6d0c8-secret";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final HttpServer server;
  private final SecretKey key;
  private final SecureRandom random = new SecureRandom();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  StrictTransit() throws IOException {
    this(Optional.empty());
  }

  /// @param tls to serve HTTPS with
  StrictTransit(Optional<SSLContext> tls) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (tls.isPresent()) {
      HttpsServer https = HttpsServer.create(any, 0);
      https.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
      this.server = https;
    } else {
      this.server = HttpServer.create(any, 0);
    }
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, "AES");
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /// Paths in the order they were asked for.
  List<String> asked() {
    return List.copyOf(asked);
  }

  /// What every later call is answered with.
  void refuseWith(int newStatus) {
    status = newStatus;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path);
    try (exchange) {
      JsonNode body = JSON.readTree(exchange.getRequestBody());
      boolean isWrite = List.of("POST", "PUT").contains(exchange.getRequestMethod());
      boolean isKnown = TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"));
      if (status != 200) {
        send(exchange, status, Map.of("errors", List.of("Vault is sealed")));
      } else if (!isWrite) {
        send(exchange, 405, Map.of("errors", List.of("unsupported operation")));
      } else if (path.equals("/v1/auth/approle/login")) {
        login(exchange, body);
      } else if (!isKnown) {
        send(exchange, 403, Map.of("errors", List.of("permission denied")));
      } else if (path.equals("/v1/transit/encrypt/" + KEY) && body.path("plaintext").isTextual()) {
        byte[] plain = Base64.getDecoder().decode(body.get("plaintext").textValue());
        send(
            exchange,
            200,
            Map.of("data", Map.of("ciphertext", encrypted(plain), "key_version", 1)));
      } else if (path.equals("/v1/transit/decrypt/" + KEY) && body.path("ciphertext").isTextual()) {
        decrypt(exchange, body.get("ciphertext").textValue());
      } else {
        send(exchange, 404, Map.of("errors", List.of()));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void login(HttpExchange exchange, JsonNode body) throws IOException {
    if (ROLE.equals(body.path("role_id").textValue())
        && SECRET.equals(body.path("secret_id").textValue())) {
      send(
          exchange,
          200,
          Map.of(
              "lease_duration",
              0,
              "lease_id",
              "",
              "renewable",
              false,
              "request_id",
              "a-request",
              "auth",
              Map.of(
                  "accessor",
                  "an-accessor",
                  "client_token",
                  TOKEN,
                  "lease_duration",
                  60,
                  "metadata",
                  Map.of("role_name", "countersign"),
                  "policies",
                  List.of("default"),
                  "renewable",
                  true,
                  "token_policies",
                  List.of("default"))));
    } else {
      send(exchange, 400, Map.of("errors", List.of("invalid role or secret ID")));
    }
  }

  private String encrypted(byte[] plain) throws GeneralSecurityException {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
    byte[] sealed = cipher.doFinal(plain);
    byte[] all = new byte[NONCE + sealed.length];
    System.arraycopy(nonce, 0, all, 0, NONCE);
    System.arraycopy(sealed, 0, all, NONCE, sealed.length);
    return "vault:v1:" + Base64.getEncoder().encodeToString(all);
  }

  private void decrypt(HttpExchange exchange, String ciphertext) throws IOException {
    try {
      byte[] all = Base64.getDecoder().decode(ciphertext.substring("vault:v1:".length()));
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, all, 0, NONCE));
      byte[] plain = cipher.doFinal(all, NONCE, all.length - NONCE);
      send(
          exchange,
          200,
          Map.of("data", Map.of("plaintext", Base64.getEncoder().encodeToString(plain))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      send(exchange, 400, Map.of("errors", List.of("cipher: message authentication failed")));
    }
  }

  private static void send(HttpExchange exchange, int status, Map<String, Object> answer)
      throws IOException {
    byte[] body = JSON.writeValueAsString(answer).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
