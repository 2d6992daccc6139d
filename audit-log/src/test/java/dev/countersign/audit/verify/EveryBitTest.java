package dev.countersign.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.verify.Finding.Kind;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.Verified;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Not some bits: all of them, in every file, and where each is.
class EveryBitTest {
  private static final int HASH = 32;

  @Test
  void everyBitOfEveryFileOfASmallLogIsFoundAndNamed() {
    MemoryLog log = MemoryLog.ofSize(5);
    SignedCheckpoint checkpoint = log.checkpoint();
    assertThat(log.verify()).isInstanceOf(Verified.class);
    log.files.forEach(
        (path, file) ->
            IntStream.range(0, file.length * 8)
                .forEach(bit -> assertFound(log, checkpoint, path, bit / 8, bit % 8)));
  }

  /// With a full tile, a partial one, and one above them.
  @Test
  void everyEleventhByteOfALogWithFullTilesIsFoundAndNamed() {
    MemoryLog log = MemoryLog.ofSize(258);
    SignedCheckpoint checkpoint = log.checkpoint();
    log.files.forEach(
        (path, file) -> {
          for (int position = 0; position < file.length; position += 11) {
            assertFound(log, checkpoint, path, position, position % 8);
          }
        });
  }

  private static void assertFound(
      MemoryLog log, SignedCheckpoint checkpoint, String path, int position, int bit) {
    byte[] changed = log.read(path).orElseThrow().clone();
    changed[position] ^= (byte) (1 << bit);
    Map<String, byte[]> files = new TreeMap<>(log.files);
    files.put(path, changed);
    VerificationResult result = verify(checkpoint, path, files);
    String what = "bit %d of byte %d of %s".formatted(bit, position, path);
    assertThat(result).as(what).isInstanceOf(Broken.class);
    Finding first = ((Broken) result).findings().getFirst();
    assertThat(first.index())
        .as("%s: %s", what, first.message())
        .isEqualTo(place(log, path, position));
    assertThat(first.kind()).as("%s: %s", what, first.message()).isIn(kinds(path));
  }

  /// A signature takes longer to check than all the rest: where it is not what was changed, it is
  /// left out.
  private static VerificationResult verify(
      SignedCheckpoint checkpoint, String changed, Map<String, byte[]> files) {
    LogFiles given = path -> Optional.ofNullable(files.get(path));
    return changed.equals("checkpoint")
        ? new LogVerifier(MemoryLog.key()).verify(given, List.of(), VerificationProgress.NONE)
        : LogVerifier.verify(
            new LogContent(given, checkpoint.checkpoint().treeSize(), 0),
            checkpoint,
            List.of(),
            VerificationProgress.NONE,
            EntryVisitor.NONE);
  }

  /// The first entry that the byte is about; the note is about all.
  private static OptionalLong place(MemoryLog log, String path, int position) {
    if (path.equals("checkpoint")) {
      return OptionalLong.empty();
    }
    if (!path.startsWith("tile/entries/")) {
      int level = path.charAt("tile/".length()) - '0';
      return OptionalLong.of(new TileId(level, index(path)).leafBelow(position / HASH));
    }
    int entry = (int) index(path) * TileId.FULL_WIDTH;
    int end = 0;
    while ((end += 2 + log.entries.get(entry).size()) <= position) {
      entry++;
    }
    return OptionalLong.of(entry);
  }

  private static long index(String path) {
    return Long.parseLong(path.replaceAll(".*/([0-9]{3})(\\.p/.*)?$", "$1"));
  }

  private static Set<Kind> kinds(String path) {
    if (path.equals("checkpoint")) {
      return Set.of(Kind.CHECKPOINT);
    }
    return path.startsWith("tile/entries/")
        ? Set.of(Kind.ENTRY_ALTERED, Kind.ENTRY_MISSING)
        : Set.of(Kind.TILE);
  }
}
