package dev.countersign.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointKeyFileTest {
  private static final String ORIGIN = "example.com/log";

  @TempDir Path directory;

  private CheckpointSigner openOrCreate(Path file) {
    return CheckpointKeyFile.openOrCreate(file, ORIGIN, new SecureRandom());
  }

  private Path file(String content) throws IOException {
    Path file =
        Files.createTempFile(
            directory,
            "key",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, content, StandardCharsets.US_ASCII);
  }

  @Test
  void makesAKeyThatOnlyItsOwnerCanReadAndOpensItAgain() throws IOException {
    Path file = directory.resolve("log.key");
    CheckpointSigner made = openOrCreate(file);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(openOrCreate(file).verifierKey()).isEqualTo(made.verifierKey());
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void ofManyThatRaceAllGetTheSameKey() {
    Path file = directory.resolve("log.key");
    Set<VerifierKey> keys = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 8).parallel().forEach(_ -> keys.add(openOrCreate(file).verifierKey()));
    assertThat(keys).hasSize(1);
  }

  /// The published example key of Go's `sumdb/note` package and the note it signed there.
  @Test
  void readsTheKeysOfGoAndSignsTheSame() throws IOException {
    Path file =
        file(
            "PRIVATE+KEY+"
                + "PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n");
    CheckpointSigner signer =
        CheckpointKeyFile.openOrCreate(file, "PeterNeumann", new SecureRandom());
    assertThat(signer.verifierKey()).hasToString(SignedNoteVectorsTest.GO_KEY);
    Note published = Note.parse(SignedNoteVectorsTest.GO_NOTE.getBytes(StandardCharsets.UTF_8));
    assertThat(signer.sign(published.text().getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(published.signatures().getFirst().signature().toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------"})
  void refusesAFileThatIsNotItsOwnersAlone(String permissions) throws IOException {
    Path file = directory.resolve("log.key");
    openOrCreate(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    assertThatThrownBy(() -> openOrCreate(file))
        .isInstanceOf(UncheckedIOException.class)
        .rootCause()
        .hasMessageContaining("expected rw------- at most, got " + permissions);
  }

  @Test
  void refusesTheKeyOfAnotherLog() throws IOException {
    Path file = directory.resolve("log.key");
    openOrCreate(file);
    assertThatThrownBy(
            () -> CheckpointKeyFile.openOrCreate(file, "example.com/new", new SecureRandom()))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessageContaining("expected: example.com/new\n  got:      example.com/log");
  }

  @Test
  void refusesWhatIsNoKeyWithoutShowingIt() throws IOException {
    Path good = directory.resolve("log.key");
    openOrCreate(good);
    String line = Files.readString(good);
    String seed = line.substring(line.lastIndexOf("+A") + 1).strip();
    for (String bad :
        List.of(
            "",
            "PRIVATE+KEY+",
            "PRIVATE+KEY+a",
            "PRIVATE+KEY+a+b",
            "PRIVATE+KEY+a+b+",
            line.substring(1),
            line.replace(ORIGIN, "example.com/lag"),
            line.strip() + "AAAA\n",
            line + line,
            line.replace(seed, Base64.getEncoder().encodeToString(new byte[33])))) {
      Path file = file(bad);
      assertThatThrownBy(() -> openOrCreate(file))
          .as("file: %s", bad)
          .isInstanceOf(InvalidNoteException.class)
          .hasMessageNotContaining(seed);
    }
  }

  @Test
  void theKeyHasNoTextForm() {
    assertThat(openOrCreate(directory.resolve("log.key")).toString())
        .startsWith(Ed25519CheckpointSigner.class.getName() + "@");
  }
}
