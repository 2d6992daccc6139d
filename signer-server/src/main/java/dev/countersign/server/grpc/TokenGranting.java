package dev.countersign.server.grpc;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.ClientToken;
import dev.countersign.api.v1.IssueClientTokenRequest;
import dev.countersign.api.v1.IssueClientTokenResponse;
import dev.countersign.api.v1.ListClientTokensResponse;
import dev.countersign.api.v1.RevokeClientTokenRequest;
import dev.countersign.api.v1.RevokeClientTokenResponse;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.server.access.ClientRegistry;
import dev.countersign.server.access.ClientTokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/// Gives bearer tokens to clients, and takes them back.
public final class TokenGranting {
  private static final Duration LONGEST = Duration.ofDays(366);

  private final ClientRegistry clients;
  private final ClientTokens tokens;
  private final InstantSource clock;
  private final FieldReader fields = new FieldReader("");

  public TokenGranting(ClientRegistry clients, ClientTokens tokens, InstantSource clock) {
    this.clients = clients;
    this.tokens = tokens;
    this.clock = clock;
  }

  IssueClientTokenResponse issue(Actor by, IssueClientTokenRequest request) {
    ClientId client = fields.read("client", Code.MALFORMED, request.getClient(), ClientId::new);
    if (clients.find(client).isEmpty()) {
      throw fields.refused("client", Code.NOT_FOUND, "no client " + client + " is registered");
    }
    Instant now = clock.instant();
    long seconds = request.getExpireTime().getSeconds();
    // Compared as numbers: there are more seconds in a message than in an instant.
    if (seconds <= now.getEpochSecond() || seconds > now.plus(LONGEST).getEpochSecond()) {
      throw fields.refused(
          "expire_time",
          Code.MALFORMED,
          "expire_time is second %d, expected later than now and at most 366 days"
              .formatted(seconds));
    }
    ClientTokens.Issued issued = tokens.issue(client, Instant.ofEpochSecond(seconds), by);
    return IssueClientTokenResponse.newBuilder()
        .setToken(message(issued.token()))
        .setSecret(issued.secret().reveal())
        .build();
  }

  RevokeClientTokenResponse revoke(Actor by, RevokeClientTokenRequest request) {
    UUID id = fields.read("id", Code.MALFORMED, request.getId(), TokenGranting::uuid);
    return tokens
        .revoke(id, by)
        .map(token -> RevokeClientTokenResponse.newBuilder().setToken(message(token)).build())
        .orElseThrow(
            () -> fields.refused("id", Code.NOT_FOUND, "no token " + id + " lets anybody in"));
  }

  ListClientTokensResponse list() {
    return ListClientTokensResponse.newBuilder()
        .addAllTokens(tokens.list().stream().map(TokenGranting::message).toList())
        .build();
  }

  private static UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw InvalidValueException.of("id of a token", text, "a UUID");
    }
  }

  private static ClientToken message(ClientTokens.Valid token) {
    return ClientToken.newBuilder()
        .setId(token.id().toString())
        .setClient(token.client().value())
        .setExpireTime(Timestamp.newBuilder().setSeconds(token.expires().getEpochSecond()))
        .build();
  }
}
