package dev.countersign.cosigner.store;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.pipeline.Coalescer;
import dev.countersign.database.SqlRows;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.dkls.PresignatureLedger;
import dev.countersign.mpc.transcript.SessionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which presignatures were used, by one INSERT each that only the first of all callers makes.
/// Those who come at the same time share a commit.
final class SpentPresignatures {
  private static final int LARGEST_BATCH = 256;

  private final RestoreGuard guard;
  private final Coalescer<Use, Boolean> uses;

  private record Use(KeyId key, Bytes session, Bytes digest) {}

  SpentPresignatures(RestoreGuard guard) {
    this.guard = guard;
    this.uses = new Coalescer<>("presignatures", LARGEST_BATCH, 1, this::spend);
  }

  /// Those of one key.
  PresignatureLedger of(KeyId key) {
    return (presignature, digest) -> consume(key, presignature, digest);
  }

  private void consume(KeyId key, SessionId presignature, byte[] digest)
      throws ProtocolAbortException {
    if (!uses.submit(new Use(key, Bytes.of(presignature.bytes()), Bytes.of(digest)))) {
      throw new ProtocolAbortException(
          Reason.REUSE,
          Optional.empty(),
          "presignature %s was used before".formatted(presignature));
    }
  }

  /// @return for each whether it was the first
  private List<Boolean> spend(List<Use> together) {
    Map<Bytes, Use> first = new LinkedHashMap<>();
    together.forEach(use -> first.putIfAbsent(use.session(), use));
    Set<Bytes> won = guard.change(change -> insert(change, List.copyOf(first.values())));
    List<Boolean> answers = new ArrayList<>();
    together.forEach(use -> answers.add(won.remove(use.session())));
    return answers;
  }

  private static Set<Bytes> insert(RestoreGuard.Change change, List<Use> uses) {
    return new HashSet<>(
        SqlRows.of(uses)
            .bytea("session", Use::session)
            .text("key_id", use -> use.key().value())
            .bytea("digest", Use::digest)
            .bindTo(
                change
                    .handle()
                    .createQuery(
                        """
                        INSERT INTO cosigner.spent_presignature (session, key_id, digest, generation)
                        SELECT session, key_id, digest, :generation
                        FROM unnest(:session, :key_id, :digest) AS use (session, key_id, digest)
                        ON CONFLICT DO NOTHING
                        RETURNING session
                        """))
            .bind("generation", change.generation())
            .map((row, ignored) -> Bytes.of(row.getBytes("session")))
            .list());
  }
}
