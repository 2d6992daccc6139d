package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.store.PostgresAuditReader.IndexedEntry;
import dev.countersign.audit.store.PostgresAuditTrail.Row;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.core.model.Bytes;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// As long as an entry can be, which is as long as its length in a bundle can say.
@WithTestEnvironment
@Timeout(60)
class LongestEntryIT {
  private static final int LONGEST = 65_535;

  private final TestLog log;

  @TempDir Path directory;

  LongestEntryIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private static Bytes bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes); // does not compress
    return Bytes.of(bytes);
  }

  private void append(Bytes... bodies) {
    List<Row> rows = List.of(bodies).stream().map(body -> new Row(null, body)).toList();
    log.unitOfWork.run(transaction -> log.trail.appendRows(transaction, rows));
  }

  @Test
  void goesThroughAppendTreeProofExportAndVerification() throws Exception {
    Bytes longest = bytes(LONGEST);
    append(bytes(1), longest, bytes(LONGEST - 1));
    log.integrate(List.of());

    assertThat(log.reader.entries(1, 1)).containsExactly(new IndexedEntry(1, longest));
    LogProof proof = LogProof.parse(log.reader.prove(1).orElseThrow().format());
    assertThat(proof.entry()).isEqualTo(longest);
    assertThat(proof.check(log.signer.verifierKey())).isInstanceOf(LogProof.Verdict.Proven.class);
    assertThat(log.exportAndVerify(directory.resolve("log")))
        .isInstanceOfSatisfying(
            Verified.class, verified -> assertThat(verified.entries()).isEqualTo(3));
    assertThat(
            new StoredLogVerifier(log.unitOfWork, log.signer.verifierKey())
                .verify(List.of(), VerificationProgress.NONE))
        .isInstanceOf(Verified.class);
    assertThat(
            GoVerifier.build(directory.resolve("bin"))
                .verify(directory.resolve("log"), log.signer.verifierKey().toString(), List.of())
                .good())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, LONGEST + 1, 1 << 20})
  void refusesAnyOtherSizeBeforeAnythingIsStored(int size) {
    assertThatThrownBy(() -> append(bytes(5), bytes(size)))
        .isInstanceOf(EntrySizeException.class)
        .hasMessage("an entry of the audit log\n  expected: 1 to 65535 bytes\n  got:      " + size);
    log.integrate(List.of());
    assertThat(log.reader.entries(0, 10)).isEmpty();
  }

  /// Also to those who do not ask us.
  @ParameterizedTest
  @ValueSource(ints = {0, LONGEST + 1})
  void theTableRefusesItToo(int size) {
    assertThatThrownBy(
            () ->
                log.login.useHandle(
                    handle ->
                        handle.execute(
                            "INSERT INTO audit.entry (body) VALUES (?)",
                            (Object) bytes(size).toArray())))
        .isInstanceOf(UnableToExecuteStatementException.class)
        .hasMessageContaining("violates check constraint");
  }
}
