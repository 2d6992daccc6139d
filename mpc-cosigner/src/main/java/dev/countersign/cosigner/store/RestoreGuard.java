package dev.countersign.cosigner.store;

import dev.countersign.core.port.UnitOfWork;
import dev.countersign.mpc.Party;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices an old copy in the place of the database. Every change counts one number on, in its own
/// transaction; a witness outside of the database has the number before anything that follows from
/// the change leaves the cosigner. So the database is at most one change ahead of the witness, and
/// one that is behind it has forgotten something.
///
/// What was made before that counts for nothing until it is made anew: the witness has the number
/// from which on shares are trusted, where whoever writes to the database cannot lower it.
final class RestoreGuard {
  private static final Logger LOG = LoggerFactory.getLogger(RestoreGuard.class);

  private final UnitOfWork unitOfWork;
  private final GenerationWitness witness;
  private GenerationMark mark;

  /// Of the database; where a change's fate is unknown it may be one more.
  private long generation;

  private boolean uncertain;

  /// One change.
  ///
  /// @param generation that it makes
  record Change(Handle handle, long generation) {}

  private record Found(UUID store, String name, int party, long generation) {}

  private RestoreGuard(
      UnitOfWork unitOfWork, GenerationWitness witness, GenerationMark mark, long generation) {
    this.unitOfWork = unitOfWork;
    this.witness = witness;
    this.mark = mark;
    this.generation = generation;
  }

  /// @param fresh the name of the database if it is new
  /// @throws StoreRefusedException when the database is another cosigner's, or the witness has seen
  /// another one
  static RestoreGuard open(
      UnitOfWork unitOfWork,
      GenerationWitness witness,
      CosignerName name,
      Party party,
      UUID fresh) {
    Found found = found(unitOfWork, name, party, fresh);
    if (!found.name().equals(name.value()) || found.party() != party.number()) {
      throw new StoreRefusedException(
          "the database is that of cosigner %s, party %d; this is %s, %s"
              .formatted(found.name(), found.party(), name, party));
    }
    Optional<GenerationMark> known = witness.read();
    if (known.isPresent() && !known.get().store().equals(found.store())) {
      throw new StoreRefusedException(
          "the generation is that of database %s, this is %s"
              .formatted(known.get().store(), found.store()));
    }
    if (known.isEmpty() && found.generation() == 0) {
      GenerationMark first = new GenerationMark(found.store(), 0, 0);
      witness.record(first);
      return new RestoreGuard(unitOfWork, witness, first, 0);
    }
    long remembered = known.map(GenerationMark::generation).orElse(-1L);
    long ahead = found.generation() - remembered;
    RestoreGuard guard =
        new RestoreGuard(
            unitOfWork,
            witness,
            known.orElseGet(() -> new GenerationMark(found.store(), 0, 0)),
            found.generation());
    if (known.isEmpty() || ahead < 0 || ahead > 1) {
      LOG.error(
          "ALARM: the database is of generation {}, outside of it {} is known: no share in it signs"
              + " before it is refreshed",
          found.generation(),
          known.isEmpty() ? "none" : remembered);
      guard.distrust(Math.max(found.generation(), remembered) + 1);
    }
    return guard;
  }

  private static Found found(UnitOfWork unitOfWork, CosignerName name, Party party, UUID fresh) {
    return unitOfWork.inTransaction(
        tx -> {
          Handle handle = tx.unwrap(Handle.class);
          handle.execute(
              "INSERT INTO cosigner.state (store, name, party) VALUES (?, ?, ?)"
                  + " ON CONFLICT DO NOTHING",
              fresh,
              name.value(),
              party.number());
          return handle
              .createQuery("SELECT store, name, party, generation FROM cosigner.state")
              .map(
                  (row, context) ->
                      new Found(
                          UUID.fromString(row.getString("store")),
                          row.getString("name"),
                          row.getInt("party"),
                          row.getLong("generation")))
              .one();
        });
  }

  /// The witness first: a database that has the number and a witness that has it not would look
  /// like a crash.
  private synchronized void distrust(long next) {
    GenerationMark distrusting = new GenerationMark(mark.store(), next, next);
    witness.record(distrusting);
    mark = distrusting;
    unitOfWork.run(
        tx -> tx.unwrap(Handle.class).execute("UPDATE cosigner.state SET generation = ?", next));
    generation = next;
  }

  /// From which generation on what was made is trusted.
  synchronized long trustedFrom() {
    return mark.trustedFrom();
  }

  synchronized long generation() {
    return generation;
  }

  /// Makes a change: durable in the database and known outside of it when this returns. Nothing
  /// that follows from it may be sent before. One at a time.
  ///
  /// @throws StoreRefusedException when the database was set back meanwhile, or the witness cannot
  /// be told: the change may have been made
  synchronized <T> T change(Function<Change, T> work) {
    catchUp();
    long next = generation + 1;
    uncertain = true;
    T result =
        unitOfWork.inTransaction(
            tx -> {
              Handle handle = tx.unwrap(Handle.class);
              moveTo(handle, next);
              return work.apply(new Change(handle, next));
            });
    uncertain = false;
    generation = next;
    tell();
    return result;
  }

  private static void moveTo(Handle handle, long next) {
    int moved =
        handle.execute(
            "UPDATE cosigner.state SET generation = ? WHERE generation = ?", next, next - 1);
    if (moved != 1) {
      throw new StoreRefusedException(
          "the database is not of generation %d: it was set back or somebody else writes to it"
              .formatted(next - 1));
    }
  }

  /// Finds out what became of a change whose fate was unknown, and tells the witness what it was
  /// not told.
  private void catchUp() {
    if (uncertain || generation != mark.generation()) {
      long found =
          unitOfWork.inTransaction(
              tx ->
                  tx.unwrap(Handle.class)
                      .createQuery("SELECT generation FROM cosigner.state")
                      .mapTo(Long.class)
                      .one());
      if (found < generation || found > generation + 1) {
        throw new StoreRefusedException(
            "the database is of generation %d, expected %d: it was set back or somebody else writes to it"
                .formatted(found, generation));
      }
      generation = found;
      uncertain = false;
      tell();
    }
  }

  private void tell() {
    if (generation != mark.generation()) {
      GenerationMark next = new GenerationMark(mark.store(), generation, mark.trustedFrom());
      witness.record(next);
      mark = next;
    }
  }
}
