package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.entry.LogEntry;
import dev.countersign.audit.retention.ArchiveOutcome.Archived;
import dev.countersign.audit.retention.ArchiveOutcome.NothingOld;
import dev.countersign.audit.retention.ArchiveOutcome.Reason;
import dev.countersign.audit.search.EntryFilter;
import dev.countersign.audit.search.EntrySearch;
import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Old months leave the database for an archive.
@WithTestEnvironment
@Timeout(120)
class RetentionIT extends AgedLog {
  private static final EntryFilter BY_DESK =
      new EntryFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.of("desk-1"),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  RetentionIT(PostgresDatabase database) {
    super(database);
  }

  @Test
  void anOldMonthLeavesAsAWholeAndEveryProofStays() {
    SignedCheckpoint before = checkpoint();
    assertThat(archive(FIRST_OF_FEBRUARY))
        .isInstanceOfSatisfying(
            Archived.class,
            done -> {
              assertThat(done.below()).isEqualTo(512);
              assertThat(done.removed()).isEqualTo(300);
              assertThat(done.partitions()).containsExactly("entry_2020_01");
              assertThat(done.checkpoint().note()).isEqualTo(before.note());
            });
    assertThat(partitions()).contains("audit.entry_2020_02").doesNotContain("audit.entry_2020_01");
    assertThat(hot()).isEqualTo(SIZE - 300 + 1);
    integrate();

    PostgresAuditReader withArchive = reader(archived());
    PostgresAuditReader without = reader(EntryBodies.HOT);
    for (long index : List.of(0L, 255L, 299L, 300L, 700L, 800L)) {
      assertProven(withArchive.prove(index).orElseThrow());
    }
    assertProven(withArchive.prove(OldEntries.request(17)).getFirst());
    assertProven(without.prove(300).orElseThrow());
    assertThat(without.proveConsistency(300, 801).path()).isNotEmpty();
    assertThatThrownBy(() -> without.prove(OldEntries.request(17)))
        .isInstanceOf(ArchiveUnavailableException.class)
        .hasMessageContaining("entry 17 of the audit log was archived")
        .hasMessageContaining("audit.archive");
    assertThat(withArchive.entries(290, 20)).hasSize(20);
    assertThat(without.entries(300, 20)).hasSize(20);
    assertThatThrownBy(() -> without.entries(299, 20))
        .isInstanceOf(ArchiveUnavailableException.class);

    // The log goes on, and says what was done and by whom.
    LogEntry told = EntryDecoder.decode(without.entries(SIZE, 1).getFirst().entry().toArray());
    assertThat(told.type()).isEqualTo("entries-archived");
    assertThat(told.actorKind()).isEqualTo("operator");
    assertThat(told.authentication()).startsWith("postgresql:");
    assertThat(told.details())
        .containsEntry("entries", "512")
        .containsEntry("treeSize", "800")
        .containsEntry("root", before.checkpoint().root().hex());
  }

  @Test
  void searchingAndFilesGoOnWithTheArchiveAndSayWhatIsMissingWithoutIt() throws IOException {
    archiveJanuary();
    EntrySearch withArchive = new EntrySearch(log.unitOfWork, archived());
    EntrySearch without = new EntrySearch(log.unitOfWork);
    assertThat(withArchive.find(EntryFilter.ANY, 250, 100).entries()).hasSize(100);
    assertThat(without.find(EntryFilter.ANY, 300, 100).entries()).hasSize(100);
    assertThatThrownBy(() -> without.find(EntryFilter.ANY, 250, 100))
        .isInstanceOf(ArchiveUnavailableException.class);
    assertThat(withArchive.find(BY_DESK, 0, 500).entries()).hasSize(267);

    DatabaseLogFiles files = new DatabaseLogFiles(log.unitOfWork, WitnessPolicy.NONE, archived());
    assertThat(files.read("tile/entries/001").orElseThrow())
        .isEqualTo(Files.readAllBytes(archive.resolve("tile/entries/001")));
    assertThatThrownBy(() -> new DatabaseLogFiles(log.unitOfWork).read("tile/entries/001"))
        .isInstanceOf(ArchiveUnavailableException.class);
    Path copy = directory.resolve("copy");
    new LogExport(log.unitOfWork, WitnessPolicy.NONE, archived())
        .export(copy, VerificationProgress.NONE);
    assertThat(
            new LogVerifier(key(), WitnessPolicy.NONE)
                .verify(new DirectoryLogFiles(copy), List.of(), VerificationProgress.NONE))
        .isInstanceOf(Verified.class);
  }

  @Test
  void theNextRunAddsToTheArchiveAndTakesNoOther() {
    archiveJanuary();
    assertThat(archive(FIRST_OF_FEBRUARY)).isEqualTo(new NothingOld());
    assertRefused(
        archive(owner, key(), directory.resolve("other"), FIRST_OF_MARCH),
        Reason.INCOMPLETE_ARCHIVE,
        "lacks tile/entries/000");
    assertThat(archive(FIRST_OF_MARCH))
        .isInstanceOfSatisfying(Archived.class, done -> assertThat(done.below()).isEqualTo(768));
    integrate();
    assertThat(hot()).isEqualTo(202);
    assertThat(verify(archived())).isInstanceOf(Verified.class);
    assertInPart(600, 768);
  }

  /// A month that no partition was made for leaves with the default partition.
  @Test
  void theDefaultPartitionLeavesWhenAllOfItIsOld() {
    LocalDate may = LocalDate.of(2019, 5, 1);
    OldEntries.write(log, 800, 900, may);
    OldEntries.write(log, 900, 1100, today());
    integrate();
    assertThat(archive(FIRST_OF_FEBRUARY))
        .isInstanceOfSatisfying(
            Archived.class,
            done -> {
              assertThat(done.removed()).isEqualTo(400);
              assertThat(done.partitions()).containsExactly("entry_2020_01", "entry_default");
            });
    assertThat(partitions()).contains("audit.entry_default");
    OldEntries.write(log, 1100, 1101, may);
    integrate();
    assertThat(verify(archived())).isInstanceOf(Verified.class);
    assertThatThrownBy(
            () ->
                log.superuser.useHandle(
                    handle -> handle.execute("DELETE FROM audit.entry_default")))
        .rootCause()
        .hasMessageContaining("is append-only");
  }

  @Test
  void whoeverIsKilledOnTheWayFinishesWithTheNextRun() {
    // After the export and its verification.
    VerificationProgress dying =
        new VerificationProgress() {
          private int finished;

          @Override
          public void checked(long checked, long total) {
            if (checked == total && ++finished == 2) {
              throw new KilledException();
            }
          }
        };
    LogArchiving archiving = new LogArchiving(owner, key(), InstantSource.system());
    assertThatThrownBy(() -> archiving.archive(archive, FIRST_OF_FEBRUARY, dying))
        .isInstanceOf(KilledException.class);
    assertAllHot();
    // When the partitions are gone and the transaction has not committed.
    assertThatThrownBy(() -> archive(new Killing(owner), key(), archive, FIRST_OF_FEBRUARY))
        .isInstanceOf(KilledException.class);
    assertAllHot();
    assertThat(archive(FIRST_OF_FEBRUARY)).isInstanceOf(Archived.class);
    integrate();
    assertThat(verify(archived())).isInstanceOf(Verified.class);
  }

  private void assertAllHot() {
    assertThat(hot()).isEqualTo(SIZE);
    assertThat(verify(EntryBodies.HOT)).isInstanceOf(Verified.class);
  }

  private static final class KilledException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// Ends a transaction in which January has gone, before its commit.
  private record Killing(UnitOfWork inner) implements UnitOfWork {
    @Override
    public <T> T inTransaction(Function<Transaction, T> work) {
      return inner.inTransaction(
          transaction -> {
            T result = work.apply(transaction);
            Handle handle = transaction.unwrap(Handle.class);
            if (!TestLog.partitions(handle).contains("audit.entry_2020_01")) {
              throw new KilledException();
            }
            return result;
          });
    }
  }

  @Test
  void refusesWhatItCannotAnswerFor() throws IOException {
    assertRefused(
        archive(owner, TestLog.newSigner().logKeys(), archive, FIRST_OF_FEBRUARY),
        Reason.KEY,
        "is not signed by the key that was given");
    assertRefused(
        archive(log.unitOfWork, key(), archive, FIRST_OF_FEBRUARY),
        Reason.PRIVILEGE,
        "does not own the audit log");
    assertRefused(archive(LocalDate.of(2999, 1, 1)), Reason.TOO_EARLY, "cannot be archived yet");
    assertThat(archive(LocalDate.of(2020, 1, 31))).isEqualTo(new NothingOld());
    assertThat(archive).doesNotExist();

    Path other = Files.createDirectory(directory.resolve("other"));
    SignedCheckpoint foreign =
        SignedCheckpoint.sign(
            new Checkpoint(TestLog.ORIGIN, 300, Digest32.of(new byte[32])), log.signer);
    Files.writeString(other.resolve("checkpoint"), foreign.note());
    assertRefused(
        archive(owner, key(), other, FIRST_OF_FEBRUARY),
        Reason.ANOTHER_LOG,
        "is not continued by the one in the database");

    Path spoilt = directory.resolve("spoilt");
    Files.createDirectories(spoilt.resolve("tile/entries"));
    Files.write(spoilt.resolve("tile/entries/000"), new byte[512]);
    assertRefused(
        archive(owner, key(), spoilt, FIRST_OF_FEBRUARY), Reason.NOT_VERIFIED, "does not verify");

    OldEntries.write(log, SIZE, SIZE + 1, FEBRUARY);
    assertRefused(archive(FIRST_OF_MARCH), Reason.NOT_IN_TREE, "of which 1 are not in the tree");
    integrate();
    assertRefused(archive(FIRST_OF_MARCH), Reason.OPEN_BUNDLE, "has entry 800");
    assertThat(hot()).isEqualTo(SIZE + 1);
    assertThat(verify(EntryBodies.HOT)).isInstanceOf(Verified.class);
  }

  /// A file with nothing in the place of an entry would stay in the archive for good.
  @Test
  void refusesToArchiveWhatHasLostAnEntry() {
    log.tamper("DELETE FROM audit.entry WHERE id = 301");
    assertRefused(archive(FIRST_OF_FEBRUARY), Reason.ENTRY_MISSING, "entry 300 of the audit log");
    assertThat(archive.resolve("tile/entries/000")).exists();
    assertThat(archive.resolve("tile/entries/001")).doesNotExist();
    assertThat(hot()).isEqualTo(SIZE - 1);
  }

  @Test
  void givesWayToTransactionsThatDoNotEnd() {
    log.login.useHandle(
        writer -> {
          writer.begin();
          writer.execute("INSERT INTO audit.entry (body) VALUES ('x')");
          assertRefused(archive(FIRST_OF_FEBRUARY), Reason.BUSY, "try again later");
          writer.rollback();
        });
    archiveJanuary();
  }
}
