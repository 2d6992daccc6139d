package dev.countersign.server.harness;

import dev.countersign.api.v1.Wallet;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.PermitTerms;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.request.SigningRequestId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// Somebody who has the password of the server's database login, and nothing else.
public final class Intruder {
  private final Jdbi login;
  private final Wallet wallet;
  private final String chain;

  Intruder(Jdbi login, Wallet wallet, String chain) {
    this.login = login;
    this.wallet = wallet;
    this.chain = chain;
  }

  /// Stores a request as if it had been admitted an hour ago, for resumption to find: the request,
  /// the nonce it owns, and the decision that allowed it.
  ///
  /// @param payload what the token is to sign
  /// @param seal what the decision is sealed with
  public SigningRequestId admit(long nonce, Bytes payload, Bytes seal) {
    return admit(new SigningRequestId(UUID.randomUUID()), nonce, payload, seal);
  }

  public SigningRequestId admit(SigningRequestId request, long nonce, Bytes payload, Bytes seal) {
    login.useTransaction(
        handle -> {
          handle.execute(
              """
              INSERT INTO signer.request (id, client, request_id, digest, received_at, wallet,
                chain, call_to, call_value, call_data, updated_at)
              VALUES (?, 'desk', ?, sha256(''), now() - interval '1 hour', ?,
                ?, ?, 0, '', now() - interval '1 hour')
              """,
              request.value(),
              "forged-" + request,
              wallet.getId(),
              chain,
              wallet.getAddress().toLowerCase(Locale.ROOT));
          handle.execute(
              """
              INSERT INTO nonce.lane (chain, address, next_nonce, opened_at)
              VALUES (?, ?, 1000, now()) ON CONFLICT DO NOTHING
              """,
              chain,
              wallet.getAddress().toLowerCase(Locale.ROOT));
          handle.execute(
              """
              INSERT INTO nonce.transaction (chain, address, nonce, request_id, state, owned_at,
                most_cost)
              VALUES (?, ?, ?, ?, 'OWNED', now(), 1)
              """,
              chain,
              wallet.getAddress().toLowerCase(Locale.ROOT),
              nonce,
              request.value());
          handle.execute(
              """
              INSERT INTO policy.decision (request, state, policy_version, rule, payload_digest,
                backend, key, decided_at, seal)
              SELECT ?, 'RESERVED', version, 'pay', ?, ?, ?, now(), ? FROM policy.active
              """,
              request.value(),
              Keccak.hash(payload.toArray()).bytes().toArray(),
              wallet.getBackend(),
              wallet.getKey(),
              seal.toArray());
          handle.execute(
              """
              UPDATE signer.request SET state = 'ADMITTED', revision = 2, policy_version = version,
                rule = 'pay', nonce = ?, payload = ?
              FROM policy.active WHERE id = ?
              """,
              nonce,
              payload.toArray(),
              request.value());
        });
    return request;
  }

  /// The seal that this request, this wallet's key and this payload would have, by whoever holds
  /// the mint's key.
  public Bytes seal(PermitMint mint, SigningRequestId request, Bytes payload) {
    return mint.sealOf(
        mint.issue(
            new PermitTerms(
                request,
                new BackendName(wallet.getBackend()),
                new KeyId(wallet.getKey()),
                payload,
                activePolicy(),
                List.of())));
  }

  /// A seal of the server's own making.
  public Bytes sealOf(SigningRequestId genuine) {
    return login.withHandle(
        handle ->
            Bytes.of(
                handle
                    .createQuery("SELECT seal FROM policy.decision WHERE request = :request")
                    .bind("request", genuine.value())
                    .mapTo(byte[].class)
                    .one()));
  }

  /// Makes `document` the next policy, as an activation would, with the seal of the active one.
  public void activate(String document) {
    login.useTransaction(
        handle -> {
          handle.execute(
              """
              INSERT INTO policy.document (version, hash, content, activated_at)
              SELECT max(version) + 1, sha256(?), ?, now() FROM policy.document
              """,
              document.getBytes(StandardCharsets.UTF_8),
              document.getBytes(StandardCharsets.UTF_8));
          handle.execute("UPDATE policy.active SET version = version + 1");
        });
  }

  public String text(String column, SigningRequestId request) {
    return login.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT coalesce((%s)::text, 'none') FROM signer.request r WHERE id = :id"
                        .formatted(column))
                .bind("id", request.value())
                .mapTo(String.class)
                .one());
  }

  private PolicyVersion activePolicy() {
    return login.withHandle(
        handle ->
            handle
                .createQuery("SELECT version, hash FROM policy.active_version")
                .map(
                    (row, context) ->
                        new PolicyVersion(
                            row.getLong("version"), Digest32.of(row.getBytes("hash"))))
                .one());
  }
}
