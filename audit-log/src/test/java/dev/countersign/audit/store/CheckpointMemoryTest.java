package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.core.model.Digest32;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointMemoryTest {
  private final CheckpointSigner signer = TestLog.newSigner();

  @TempDir Path directory;

  private SignedCheckpoint checkpoint(long size) {
    return SignedCheckpoint.sign(
        new Checkpoint(TestLog.ORIGIN, size, Digest32.of(new byte[32])), signer);
  }

  @Test
  void theLastOneThatWasKeptIsRecalledAndNothingElseIsLeft() throws IOException {
    CheckpointMemory memory = new CheckpointMemory(directory.resolve("seen"));
    assertThat(memory.recall(signer.logKeys())).isEmpty();
    Files.writeString(directory.resolve("seen.new"), "broken off ".repeat(100));
    memory.keep(checkpoint(70_000));
    memory.keep(checkpoint(7));
    assertThat(memory.recall(signer.logKeys()).orElseThrow().note())
        .isEqualTo(checkpoint(7).note());
    assertThat(directory).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void aFileThatIsEmptyOrCutOffIsNotTakenForAnotherLogs() throws IOException {
    Path file = directory.resolve("seen");
    CheckpointMemory memory = new CheckpointMemory(file);
    String note = checkpoint(7).note();
    for (int length : List.of(0, 5, note.indexOf("\n\n") + 1, note.indexOf("\n\n") + 2, 90)) {
      Files.writeString(file, note.substring(0, length));
      assertThatThrownBy(() -> memory.recall(signer.logKeys()))
          .as("of length %d", length)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(file.toString())
          .hasRootCauseInstanceOf(IOException.class)
          .cause()
          .hasMessageContaining("it is empty or cut off");
    }
    Files.writeString(file, note.replace('7', '8'));
    assertThatThrownBy(() -> memory.recall(signer.logKeys()))
        .isInstanceOf(BrokenLogException.class);
  }
}
