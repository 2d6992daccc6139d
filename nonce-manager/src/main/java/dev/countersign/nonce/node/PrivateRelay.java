package dev.countersign.nonce.node;

import dev.countersign.core.model.Bytes;
import dev.countersign.nonce.chain.PrivateRelayTerms;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import okhttp3.OkHttpClient;

/// What takes transactions that nobody is to see before they are mined. It is no node: nothing is
/// asked of it, and it has no part in any quorum. Safe for concurrent use.
public final class PrivateRelay implements AutoCloseable {
  private final List<NodeClient> endpoints;

  /// @param http what carries the calls
  PrivateRelay(PrivateRelayTerms terms, OkHttpClient http, InstantSource clock) {
    OkHttpClient authorized =
        terms.authorizationFile().map(file -> authorized(http, file)).orElse(http);
    List<NodeClient> clients = new ArrayList<>();
    for (URI endpoint : terms.endpoints()) {
      clients.add(new NodeClient(endpoint, authorized, 1, clock));
    }
    this.endpoints = List.copyOf(clients);
  }

  /// The file is read each time, so the secret in it can be changed, and is not kept.
  private static OkHttpClient authorized(OkHttpClient http, Path file) {
    return http.newBuilder()
        .addInterceptor(
            chain -> {
              String value;
              try {
                value = Files.readString(file).strip();
              } catch (IOException e) {
                throw new IOException("cannot read the relay's authorizationFile", e);
              }
              try {
                return chain.proceed(
                    chain.request().newBuilder().header("Authorization", value).build());
              } catch (IllegalArgumentException _) {
                // Whose message may repeat the value.
                throw new IOException("the relay's authorizationFile holds no value of a header");
              }
            })
        .build();
  }

  /// Gives it to the first endpoint that answers, and to no node.
  ///
  /// @param transaction as of [RpcCall#sendRawTransaction]
  /// @param until the last block that it should be in; without it the relay decides
  /// @throws NodeUnavailableException when none has answered; one may still have taken it
  public RpcAnswer send(Bytes transaction, OptionalLong until) {
    List<String> problems = new ArrayList<>();
    for (NodeClient endpoint : endpoints) {
      try {
        return endpoint
            .call(List.of(RpcCall.sendPrivateTransaction(transaction, until)))
            .getFirst();
      } catch (NodeUnavailableException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    throw new NodeUnavailableException("no private relay answered: " + String.join("; ", problems));
  }

  @Override
  public void close() {
    endpoints.forEach(NodeClient::close);
  }
}
