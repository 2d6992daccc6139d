package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.entry.EntryEncoder;
import dev.countersign.audit.retention.ArchiveOutcome;
import dev.countersign.audit.retention.ArchiveOutcome.Archived;
import dev.countersign.audit.retention.ArchiveOutcome.NothingOld;
import dev.countersign.audit.retention.ArchiveOutcome.Reason;
import dev.countersign.audit.retention.ArchiveOutcome.Refused;
import dev.countersign.audit.store.ArchivePlan.NotInTree;
import dev.countersign.audit.store.ArchivePlan.Nothing;
import dev.countersign.audit.store.ArchivePlan.OpenBundle;
import dev.countersign.audit.store.ArchivePlan.Part;
import dev.countersign.audit.store.ArchivePlan.Ready;
import dev.countersign.audit.store.TreeRows.StoredCheckpoint;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.port.UnitOfWork;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/// Takes entries of old months out of the database, once every one of them is in an archive: a
/// directory with an export of the log. Leaves, hashes and checkpoints stay, and with them every
/// proof. For an operator who owns the schema; the server's login may not.
///
/// The entries leave in one transaction, together with the entry that tells of it. Whatever ends it
/// before leaves all of them where they are, and an export that the next run goes on with.
public final class LogArchiving {
  /// lock_not_available, PostgreSQL documentation, appendix A.
  private static final String LOCK_TIMEOUT = "55P03";

  private static final int ATTEMPTS = 3;

  private final UnitOfWork owner;
  private final LogKeys keys;
  private final InstantSource clock;

  /// @param owner with a login that owns the schema of the log
  /// @param keys of the log, from a source that is trusted
  public LogArchiving(UnitOfWork owner, LogKeys keys, InstantSource clock) {
    this.owner = owner;
    this.keys = keys;
    this.clock = clock;
  }

  /// Ends an attempt with a reason.
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    RefusedException(Reason reason, String message) {
      super(message);
      this.reason = reason;
    }
  }

  /// Archives the months that have ended before a day.
  ///
  /// @param directory with the archive of before, or a new one
  /// @param before the first day that stays whole in the database
  /// @param progress told how many entries were exported, and then how many verified
  /// @throws java.io.UncheckedIOException when the directory cannot be read or written
  /// @throws dev.countersign.core.port.StoreUnavailableException when the database is not there
  public ArchiveOutcome archive(Path directory, LocalDate before, VerificationProgress progress) {
    try {
      requireOwnLog(before);
      SignedCheckpoint latest = latest();
      requireContinued(directory, latest);
      if (planned(before, latest) instanceof Nothing) {
        return new NothingOld();
      }
      SignedCheckpoint exported = exported(directory, latest, progress);
      return switch (planned(before, exported)) {
        case Ready ready -> removed(ready, before, exported);
        case Nothing _ -> new NothingOld();
        case NotInTree(Part part) -> throw notInTree(part);
        case OpenBundle(Part part) -> throw openBundle(part, exported);
      };
    } catch (RefusedException e) {
      return new Refused(e.reason, String.valueOf(e.getMessage()));
    }
  }

  private void requireOwnLog(LocalDate before) {
    inHandle(
        handle -> {
          Boolean isThere =
              handle
                  .createQuery("SELECT to_regclass('audit.archive') IS NOT NULL")
                  .mapTo(Boolean.class)
                  .one();
          if (!isThere) {
            throw new RefusedException(
                Reason.NO_LOG,
                "the database has no audit log, or one of an older version, which a start of the"
                    + " server brings up to date");
          }
          requireOwner(handle);
          LocalDate today =
              handle
                  .createQuery("SELECT (now() AT TIME ZONE 'UTC')::date")
                  .mapTo(LocalDate.class)
                  .one();
          if (before.isAfter(today)) {
            throw new RefusedException(
                Reason.TOO_EARLY,
                "entries before %s cannot be archived yet: by the database's clock it is %s (UTC)"
                    .formatted(before, today));
          }
          return true;
        });
  }

  private static void requireOwner(Handle handle) {
    String login = handle.createQuery("SELECT current_user").mapTo(String.class).one();
    Boolean owns =
        handle
            .createQuery(
                """
                SELECT pg_has_role(relowner, 'USAGE') FROM pg_catalog.pg_class
                WHERE oid = 'audit.entry'::regclass
                """)
            .mapTo(Boolean.class)
            .one();
    if (!owns) {
      throw new RefusedException(
          Reason.PRIVILEGE,
          "the login %s does not own the audit log; use the one that database.owner of the server names, never the server's own"
              .formatted(login));
    }
  }

  private SignedCheckpoint latest() {
    StoredCheckpoint stored =
        inHandle(TreeRows::latestCheckpoint)
            .orElseThrow(
                () -> new RefusedException(Reason.NO_LOG, "the audit log has no checkpoint yet"));
    return opened(
        stored.note().getBytes(StandardCharsets.UTF_8), Reason.KEY, "the audit log's checkpoint");
  }

  private SignedCheckpoint opened(byte[] note, Reason reason, String what) {
    try {
      return keys.open(note);
    } catch (InvalidNoteException e) {
      throw new RefusedException(
          reason,
          "%s is not signed by the key that was given%n  %s".formatted(what, e.getMessage()));
    }
  }

  /// That what the directory has is of this log, and nothing is missing that only it can have.
  private void requireContinued(Path directory, SignedCheckpoint latest) {
    new DirectoryLogFiles(directory)
        .read(TilePath.CHECKPOINT)
        .ifPresent(
            note -> {
              SignedCheckpoint there = opened(note, Reason.ANOTHER_LOG, "the log in " + directory);
              try {
                SignedCheckpoint _ = inHandle(handle -> StoredTree.continues(handle, keys, there));
              } catch (BrokenLogException e) {
                throw new RefusedException(
                    Reason.ANOTHER_LOG,
                    "the log in %s is not continued by the one in the database%n  %s"
                        .formatted(directory, e.getMessage()));
              }
            });
    long archived = inHandle(ArchiveRows::archived);
    for (long bundle = 0; bundle < archived / TileId.FULL_WIDTH; bundle++) {
      String file = TilePath.ofBundle(bundle, TileId.FULL_WIDTH);
      if (!Files.exists(directory.resolve(file))) {
        throw new RefusedException(
            Reason.INCOMPLETE_ARCHIVE,
            "entries below %d were archived before, and %s lacks %s: give the directory of that archive, or a copy of it"
                .formatted(Math.min(archived, latest.checkpoint().treeSize()), directory, file));
      }
    }
  }

  private ArchivePlan planned(LocalDate before, SignedCheckpoint against) {
    return inHandle(
        handle ->
            ArchivePlan.of(
                PartitionRows.before(handle, before),
                against.checkpoint().treeSize(),
                ArchiveRows.archived(handle)));
  }

  /// The whole log, on the disk and verified.
  ///
  /// @return its checkpoint
  private SignedCheckpoint exported(
      Path directory, SignedCheckpoint known, VerificationProgress progress) {
    List<SignedCheckpoint> before = new ArrayList<>(List.of(known));
    new DirectoryLogFiles(directory)
        .read(TilePath.CHECKPOINT)
        .ifPresent(note -> before.add(keys.open(note)));
    try {
      new LogExport(owner, WitnessPolicy.NONE, EntryBodies.HOT.unjudged())
          .export(directory, progress);
    } catch (BrokenLogException e) {
      throw new RefusedException(Reason.ENTRY_MISSING, String.valueOf(e.getMessage()));
    }
    DurableDirectory.force(directory);
    VerificationResult result =
        new LogVerifier(keys, WitnessPolicy.NONE)
            .verify(new DirectoryLogFiles(directory), before, progress);
    return switch (result) {
      case Verified(SignedCheckpoint checkpoint) -> checkpoint;
      case VerificationResult.VerifiedInPart part ->
          throw new IllegalStateException("an export has all of its entries: " + part);
      case Broken broken ->
          throw new RefusedException(
              Reason.NOT_VERIFIED,
              "the log in %s does not verify, in %d places, the first:%n  %s"
                  .formatted(directory, broken.total(), broken.findings().getFirst().message()));
    };
  }

  private Archived removed(Ready ready, LocalDate before, SignedCheckpoint exported) {
    for (int attempt = 1; ; attempt++) {
      try {
        return inHandle(handle -> removed(handle, ready, before, exported));
      } catch (RuntimeException e) {
        if (!isLockTimeout(e)) {
          throw e;
        }
        if (attempt == ATTEMPTS) {
          throw new RefusedException(
              Reason.BUSY,
              "the audit log is in use by transactions that do not end soon; try again later");
        }
      }
    }
  }

  /// The partitions are locked and looked at first: nobody waits for that but writers that began in
  /// their month. Then all appends wait, for well under a second or this gives way.
  private Archived removed(
      Handle handle, Ready ready, LocalDate before, SignedCheckpoint exported) {
    handle.execute("SET LOCAL lock_timeout = '3s'");
    handle.execute("LOCK TABLE audit.archive IN SHARE ROW EXCLUSIVE MODE");
    List<String> names = ready.parts().stream().map(Part::name).toList();
    if (!PartitionRows.before(handle, before).equals(ready.parts())) {
      throw changed();
    }
    names.forEach(name -> PartitionRows.lock(handle, name));
    if (!PartitionRows.before(handle, before).equals(ready.parts())) {
      throw changed();
    }
    try {
      SignedCheckpoint _ = StoredTree.continues(handle, keys, exported);
    } catch (BrokenLogException e) {
      throw changed();
    }
    // Shorter than deadlock_timeout: if it comes to that, no append is what gives way.
    handle.execute("SET LOCAL lock_timeout = '800ms'");
    names.forEach(name -> PartitionRows.drop(handle, name));
    tell(handle, ready, exported);
    return new Archived(ready.nextLeaf(), ready.entries(), names, exported);
  }

  private void tell(Handle handle, Ready ready, SignedCheckpoint exported) {
    long treeSize = exported.checkpoint().treeSize();
    AuditRecord record =
        AuditRecord.of(
            clock.instant(),
            operator(handle),
            new AuditEvent.EntriesArchived(
                ready.nextLeaf(), treeSize, exported.checkpoint().root()));
    ArchiveRows.insert(handle, EntryEncoder.encode(record), ready.nextLeaf(), treeSize);
  }

  /// As the database knows whoever is logged in.
  private static Actor operator(Handle handle) {
    return handle
        .createQuery("SELECT session_user AS login, coalesce(system_user, 'trust') AS how")
        .map(
            (row, _) ->
                new Actor(
                    Actor.Kind.OPERATOR,
                    row.getString("login"),
                    "postgresql:" + row.getString("how")))
        .one();
  }

  private static RefusedException changed() {
    return new RefusedException(
        Reason.CHANGED,
        "the audit log's old entries are not those any more that were exported; run it again");
  }

  private static RefusedException notInTree(Part part) {
    return new RefusedException(
        Reason.NOT_IN_TREE,
        "audit.%s has %d entries, of which %d are not in the tree: start a server and wait; if they stay, find out with countersign audit verify"
            .formatted(part.name(), part.entries(), part.entries() - part.placed()));
  }

  private static RefusedException openBundle(Part part, SignedCheckpoint exported) {
    return new RefusedException(
        Reason.OPEN_BUNDLE,
        "audit.%s has entry %d, and the log only %d entries: only whole bundles of 256 are archived; wait for more entries, or give an earlier day"
            .formatted(part.name(), part.highest(), exported.checkpoint().treeSize()));
  }

  private static boolean isLockTimeout(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && LOCK_TIMEOUT.equals(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  private <T> T inHandle(Function<Handle, T> work) {
    return owner.inTransaction(transaction -> work.apply(transaction.unwrap(Handle.class)));
  }
}
