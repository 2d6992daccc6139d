package dev.countersign.audit.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.witness.GrowingLog.History;
import dev.countersign.core.model.Digest32;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class WitnessPropertyTest {
  private static final int LARGEST = 24;
  private static final GrowingLog LOG = GrowingLog.create();
  private static final CheckpointSigner KEY = GrowingLog.signer("witness.example/1");

  /// A step: a history is shown, from some size to another, with its own proof; or a restart.
  private record Step(int fork, int from, int to, boolean restart) {
    static Step of(int seed) {
      int to = 1 + seed / 32 % LARGEST;
      return new Step(seed % 4 * 8, seed / 1024 % (to + 1), to, seed / 65536 % 5 == 0);
    }
  }

  /// However a log that can sign anything tries: all that was ever cosigned is one history.
  @Property(tries = 60)
  void cosignsOneHistoryOnly(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 1 << 20) Integer> seeds)
      throws IOException {
    Path directory = Files.createTempDirectory("witness");
    WitnessState state = WitnessState.open(directory);
    try {
      Witness witness = witness(state);
      TreeMap<Integer, Digest32> cosigned = new TreeMap<>();
      long last = 0;
      for (int seed : seeds) {
        Step step = Step.of(seed);
        if (step.restart()) {
          state.close();
          state = WitnessState.open(directory);
          witness = witness(state);
        }
        History shown = LOG.history(LARGEST, step.fork());
        // Half of the time from the size that it asks for: else hardly anything is cosigned.
        int from = seed % 2 == 0 && last <= step.to() ? (int) last : step.from();
        WitnessDecision decision =
            witness.decide(
                new AddCheckpoint(
                        from, shown.proof(from, step.to()), shown.checkpoint(step.to()).note())
                    .format()
                    .getBytes(StandardCharsets.UTF_8));
        if (decision instanceof WitnessDecision.Cosigned) {
          assertThat((long) step.to()).isGreaterThanOrEqualTo(last);
          assertThat(from).isEqualTo((int) last);
          cosigned.put(step.to(), shown.tree().root(step.to()));
          cosigned.forEach((size, root) -> assertThat(shown.tree().root(size)).isEqualTo(root));
          last = step.to();
        }
      }
    } finally {
      state.close();
      delete(directory);
    }
  }

  private static Witness witness(WitnessState state) {
    return new Witness(
        KEY, List.of(LOG.signer().verifierKey()), state, InstantSource.fixed(Instant.EPOCH));
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }
        });
    Files.delete(directory);
  }
}
