package dev.countersign.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.verify.VerificationResult.Broken;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TamperingPropertyTest {

  /// Whatever bit of whatever file: a verifier that misses one is worth nothing.
  @Property(tries = 200)
  void everyFlippedBitIsFound(
      @ForAll @IntRange(min = 1, max = 700) int size,
      @ForAll @IntRange(min = 0) int anyFile,
      @ForAll @IntRange(min = 0) int anyByte,
      @ForAll @IntRange(max = 7) int bit) {
    MemoryLog log = MemoryLog.ofSize(size);
    List<String> paths = new ArrayList<>(log.files.keySet());
    String path = paths.get(anyFile % paths.size());
    byte[] file = log.read(path).orElseThrow();
    int position = anyByte % file.length;
    file[position] ^= (byte) (1 << bit);
    assertThat(log.verify())
        .as("bit %d of byte %d of %s flipped", bit, position, path)
        .isInstanceOf(Broken.class);
  }

  @Property(tries = 100)
  void everyMissingFileIsFound(
      @ForAll @IntRange(min = 1, max = 700) int size, @ForAll @IntRange(min = 0) int anyFile) {
    MemoryLog log = MemoryLog.ofSize(size);
    List<String> paths = new ArrayList<>(log.files.keySet());
    String path = paths.get(anyFile % paths.size());
    log.files.remove(path);
    assertThat(log.verify()).as("%s removed", path).isInstanceOf(Broken.class);
  }
}
