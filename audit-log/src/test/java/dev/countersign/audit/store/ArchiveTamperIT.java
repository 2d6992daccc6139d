package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.entry.EntryEncoder;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a superuser can do to a log of which entries are in an archive, and to the archive.
@WithTestEnvironment
@Timeout(120)
class ArchiveTamperIT extends AgedLog {
  ArchiveTamperIT(PostgresDatabase database) {
    super(database);
  }

  @Test
  void aRowThatNobodyArchivedForHidesNothing() {
    log.tamper(
        "DELETE FROM audit.entry WHERE id <= 256",
        "INSERT INTO audit.archive (entry_id, written, next_leaf, tree_size)"
            + " VALUES (1, '2020-01-15', 256, 800)");
    assertThat(verify(EntryBodies.HOT))
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.findings().getFirst().message())
                    .contains("was put in to hide what was deleted"));
    assertThatThrownBy(() -> log.pass(1).begin())
        .isInstanceOf(BrokenLogException.class)
        .hasMessageContaining("was put in to hide what was deleted");
  }

  /// Whoever makes the log itself tell of an archive cannot make the archive.
  @Test
  void aForgedEntryAndItsRowHideNothingFromWhoeverAsksForTheArchive() {
    new LogExport(log.unitOfWork).export(archive, VerificationProgress.NONE);
    log.integrate(
        List.of(
            AuditRecord.of(
                Instant.EPOCH,
                Actor.system("test"),
                new AuditEvent.EntriesArchived(512, SIZE, checkpoint().checkpoint().root()))));
    log.tamper(
        "DELETE FROM audit.entry WHERE id IN (42, 43)",
        "INSERT INTO audit.archive (entry_id, written, next_leaf, tree_size)"
            + " SELECT id, written, 512, 800 FROM audit.entry WHERE id = 801");
    assertInPart(2, 512);
    // Only the real thing, which an export made before is, will do.
    assertThat(verify(archived())).isInstanceOf(Verified.class);
    delete(archive.resolve("tile/entries/000"));
    assertNames(verify(archived()), 41);
    assertThatThrownBy(() -> verify(new EntryBodies(Optional.of(directory.resolve("nowhere")))))
        .isInstanceOf(ArchiveUnavailableException.class)
        .hasMessageContaining("nowhere");
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anEntryThatIsGoneAndWasNotArchivedIsNamed() {
    archiveJanuary();
    log.tamper("DELETE FROM audit.entry WHERE id = 701");
    assertNames(verify(EntryBodies.HOT), 700);
    assertNames(verify(archived()), 700);
  }

  /// Whose entries only their places still lead to.
  @Test
  void aPlaceOfAnArchivedEntryThatIsGoneIsNamedAlsoWithoutTheArchive() {
    archiveJanuary();
    log.tamper("DELETE FROM audit.leaf WHERE leaf_index IN (17, 299)");
    assertNames(verify(EntryBodies.HOT), 17);
    assertNames(verify(archived()), 17);
  }

  /// Each time it is looked at more seems to have been archived.
  @Test
  @Timeout(30)
  void rowsThatKeepBeingPutInDoNotMakeAVerificationEndless() {
    log.tamper("UPDATE audit.entry SET body = 'x' WHERE id = 701");
    AtomicInteger told = new AtomicInteger();
    UnitOfWork forging =
        new UnitOfWork() {
          @Override
          public <T> T inTransaction(Function<Transaction, T> work) {
            if (told.incrementAndGet() % 3 == 0) {
              tellOfAnArchive(256L * told.get());
            }
            return log.unitOfWork.inTransaction(work);
          }
        };
    assertThat(
            new StoredLogVerifier(forging, key(), WitnessPolicy.NONE, EntryBodies.HOT)
                .verify(List.of(), VerificationProgress.NONE))
        .isInstanceOf(Broken.class);
  }

  /// With the entry that a row of `audit.archive` needs to be believed.
  private void tellOfAnArchive(long below) {
    AuditRecord record =
        AuditRecord.of(
            Instant.EPOCH,
            Actor.system("test"),
            new AuditEvent.EntriesArchived(below, below, checkpoint().checkpoint().root()));
    log.superuser.useTransaction(
        handle -> ArchiveRows.insert(handle, EntryEncoder.encode(record), below, below));
  }

  @Test
  void aBitOfTheArchiveThatChangedIsFoundByAllWhoReadIt() throws Exception {
    archiveJanuary();
    Path bundle = archive.resolve("tile/entries/000");
    changeSecond(bundle);

    assertNames(verify(archived()), 1);
    assertThatThrownBy(() -> reader(archived()).prove(1))
        .isInstanceOf(BrokenLogException.class)
        .hasMessageContaining("entry 1 of the archive");
    assertProven(reader(archived()).prove(2).orElseThrow());
    BlockingQueue<BrokenLogException> told = new LinkedBlockingQueue<>();
    try (LogScrub scrub =
        new LogScrub(log.unitOfWork, key(), told::add, LogScrub.Pace.DEFAULT, archived())) {
      scrub.start();
      assertThat(told.poll(20, TimeUnit.SECONDS))
          .isNotNull()
          .extracting(BrokenLogException::index)
          .isEqualTo(OptionalLong.of(1));
    }
  }

  /// One bit of the second entry of a bundle.
  private static void changeSecond(Path bundle) throws IOException {
    byte[] content = Files.readAllBytes(bundle);
    int second = 2 + ((content[0] & 0xff) << 8 | (content[1] & 0xff));
    content[second + 2 + 20] ^= 1;
    Files.write(bundle, content);
  }

  /// A scrub must not take an archive that is not mounted, or not known, for a broken log.
  @Test
  void anArchiveThatIsNotThereBreaksNoLog() throws Exception {
    archiveJanuary();
    BlockingQueue<BrokenLogException> told = new LinkedBlockingQueue<>();
    LogScrub.Pace quick =
        new LogScrub.Pace(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(1));
    EntryBodies nowhere = new EntryBodies(Optional.of(directory.resolve("nowhere")));
    try (LogScrub lost = new LogScrub(log.unitOfWork, key(), told::add, quick, nowhere);
        LogScrub unknowing = new LogScrub(log.unitOfWork, key(), told::add, quick)) {
      lost.start();
      unknowing.start();
      assertThat(told.poll(500, TimeUnit.MILLISECONDS)).isNull();
    }
    try (Integrator integrator = log.integrator()) {
      integrator.start();
      log.append("afterwards");
      TestLog.awaitIntegration(integrator);
      assertThat(integrator.problem()).isEmpty();
    }
  }

  @Test
  void aScrubLooksAtTheTablesWhileTheArchiveIsNotThere() throws Exception {
    archiveJanuary();
    BlockingQueue<BrokenLogException> told = new LinkedBlockingQueue<>();
    Path mount = directory.resolve("mount");
    try (LogScrub scrub = scrub(told, mount)) {
      scrub.start();
      await().until(() -> scrub.problem().isPresent());
      assertThat(scrub.problem().orElseThrow()).contains("mount is not there");
      Files.move(archive, mount);
      await().until(() -> scrub.problem().isEmpty());
      Files.move(mount, archive);
      await().until(() -> scrub.problem().isPresent());
      assertThat(told).isEmpty();
      log.tamper("DELETE FROM audit.entry WHERE id = 701");
      assertTold(told, 700);
    }
  }

  @Test
  void aScrubLooksAtTheTablesWhileTheArchiveCannotBeRead() throws Exception {
    archiveJanuary();
    Path bundle = archive.resolve("tile/entries/000");
    delete(bundle);
    Files.createDirectory(bundle); // which cannot be read as a file, not even by root
    BlockingQueue<BrokenLogException> told = new LinkedBlockingQueue<>();
    try (LogScrub scrub = scrub(told, archive)) {
      scrub.start();
      await().until(() -> scrub.problem().isPresent());
      assertThat(scrub.problem().orElseThrow()).contains("cannot read " + bundle);
      log.tamper("DELETE FROM audit.entry WHERE id = 701");
      assertTold(told, 700);
    }
  }

  @Test
  void aCopyOfTheArchiveFromBeforeBreaksNoLog() throws Exception {
    Path stale = directory.resolve("stale");
    new LogExport(log.unitOfWork).export(stale, VerificationProgress.NONE);
    OldEntries.write(log, 800, 900, LocalDate.of(2019, 5, 1));
    OldEntries.write(log, 900, 1100, today());
    integrate();
    archiveJanuary();
    String behind = "is behind: it has 800 entries, 1024 were archived; bring the copy up to date";
    assertThatThrownBy(() -> verify(new EntryBodies(Optional.of(stale))))
        .isInstanceOf(ArchiveUnavailableException.class)
        .hasMessageContaining(behind);
    BlockingQueue<BrokenLogException> told = new LinkedBlockingQueue<>();
    try (LogScrub scrub = scrub(told, stale)) {
      scrub.start();
      await().until(() -> scrub.problem().isPresent());
      assertThat(scrub.problem().orElseThrow()).contains(behind);
      assertThat(told.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }
    assertThat(verify(archived())).isInstanceOf(Verified.class);
  }

  @Test
  void aFileThatTheArchiveHasLostBreaksNoLogAndHidesNothing() throws Exception {
    archiveJanuary();
    delete(archive.resolve("tile/entries/000"));
    assertNames(verify(archived()), 0);
    BlockingQueue<BrokenLogException> told = new LinkedBlockingQueue<>();
    try (LogScrub scrub = scrub(told, archive)) {
      scrub.start();
      await().until(() -> scrub.problem().isPresent());
      assertThat(scrub.problem().orElseThrow()).contains("lacks 256 entries below index 512");
      assertThat(told.poll(300, TimeUnit.MILLISECONDS)).isNull();
      changeSecond(archive.resolve("tile/entries/001"));
      assertTold(told, 257);
    }
  }

  private LogScrub scrub(BlockingQueue<BrokenLogException> told, Path from) {
    LogScrub.Pace quick =
        new LogScrub.Pace(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(1));
    return new LogScrub(
        log.unitOfWork, key(), told::add, quick, new EntryBodies(Optional.of(from)));
  }

  private static void assertTold(BlockingQueue<BrokenLogException> told, long index)
      throws InterruptedException {
    assertThat(told.poll(20, TimeUnit.SECONDS))
        .isNotNull()
        .extracting(BrokenLogException::index)
        .isEqualTo(OptionalLong.of(index));
  }
}
