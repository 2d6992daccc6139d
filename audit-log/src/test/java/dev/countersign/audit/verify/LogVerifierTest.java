package dev.countersign.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.Ed25519CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.audit.verify.Finding.Kind;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogVerifierTest {

  private static List<Finding> findings(VerificationResult result) {
    assertThat(result).isInstanceOf(Broken.class);
    return ((Broken) result).findings();
  }

  private static Finding onlyFinding(VerificationResult result) {
    assertThat(findings(result)).hasSize(1);
    return findings(result).getFirst();
  }

  private static void assertAt(VerificationResult result, Kind kind, long index) {
    Finding finding = onlyFinding(result);
    assertThat(finding.kind()).isEqualTo(kind);
    assertThat(finding.index()).isEqualTo(OptionalLong.of(index));
  }

  /// The hash of entry `index` in its tile, changed along with the entry.
  private static void overwriteTileToo(MemoryLog log, int index) {
    TileId id = new TileId(0, index / 256);
    String path = TilePath.ofTile(id, id.widthIn(log.entries.size()));
    byte[] hashes = log.read(path).orElseThrow();
    byte[] hash = TreeHash.leaf(log.entries.get(index).toArray()).bytes().toArray();
    System.arraycopy(hash, 0, hashes, index % 256 * 32, 32);
    log.write(new Tile(id, Bytes.of(hashes)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 255, 256, 257, 511, 512, 1000, 65_536, 65_537 + 256})
  void verifiesAGoodLog(int size) {
    MemoryLog log = MemoryLog.ofSize(size);
    VerificationResult result = log.verify();
    assertThat(result).isInstanceOf(Verified.class);
    assertThat(((Verified) result).entries()).isEqualTo(size);
  }

  @Test
  void whoReadsAlongSeesWhatIsHashed() {
    MemoryLog log = MemoryLog.ofSize(700);
    List<Bytes> seen = new ArrayList<>();
    VerificationResult result =
        new LogVerifier(MemoryLog.key())
            .verify(
                log,
                List.of(),
                VerificationProgress.NONE,
                (index, entry) -> {
                  assertThat(index).isEqualTo(seen.size());
                  seen.add(entry);
                });
    assertThat(result).isInstanceOf(VerificationResult.Verified.class);
    assertThat(seen).isEqualTo(log.entries);
  }

  @Test
  void aLogWithoutItsWitnessesIsNotVerified() {
    MemoryLog log = MemoryLog.ofSize(3);
    CheckpointSigner witness = witness();
    LogVerifier verifier =
        new LogVerifier(MemoryLog.key(), WitnessPolicy.of(1, List.of(Cosignature.keyOf(witness))));
    assertThat(onlyFinding(verifier.verify(log, List.of(), VerificationProgress.NONE)).kind())
        .isEqualTo(Kind.WITNESSES);
    Cosignature cosignature = Cosignature.sign(log.checkpoint(), witness, Instant.EPOCH);
    log.files.put(
        TilePath.CHECKPOINT,
        log.checkpoint().noteWith(List.of(cosignature)).getBytes(StandardCharsets.UTF_8));
    assertThat(verifier.verify(log, List.of(), VerificationProgress.NONE))
        .isInstanceOf(Verified.class);
  }

  private static CheckpointSigner witness() {
    try {
      return new Ed25519CheckpointSigner(
          "w.example/1", KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void tellsHowFarItIs() {
    MemoryLog log = MemoryLog.ofSize(600);
    List<String> told = new ArrayList<>();
    new LogVerifier(MemoryLog.key())
        .verify(log, List.of(), (checked, total) -> told.add(checked + "/" + total));
    assertThat(told).containsExactly("256/600", "512/600", "600/600");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 17, 255, 256, 300, 599})
  void namesAnAlteredEntry(int index) {
    MemoryLog log = MemoryLog.ofSize(600);
    log.overwrite(index, MemoryLog.entry("something else"));
    assertAt(log.verify(), Kind.ENTRY_ALTERED, index);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 300, 599})
  void namesAnEntryThatIsGone(int index) {
    MemoryLog log = MemoryLog.ofSize(600);
    log.overwrite(index, Bytes.EMPTY);
    assertAt(log.verify(), Kind.ENTRY_MISSING, index);
  }

  @Test
  void namesBothOfTwoThatWereSwapped() {
    MemoryLog log = MemoryLog.ofSize(600);
    Bytes first = log.entries.get(10);
    log.overwrite(10, log.entries.get(500));
    log.overwrite(500, first);
    assertThat(findings(log.verify()))
        .extracting(finding -> finding.index().orElseThrow())
        .containsExactly(10L, 500L);
  }

  @Test
  void namesEveryEntryAfterOneThatWasSlippedIn() {
    MemoryLog log = MemoryLog.ofSize(100);
    log.entries.add(90, MemoryLog.entry("slipped in"));
    log.entries.removeLast();
    log.writeBundle(0);
    assertThat(findings(log.verify()))
        .extracting(finding -> finding.index().orElseThrow())
        .containsExactly(90L, 91L, 92L, 93L, 94L, 95L, 96L, 97L, 98L, 99L);
  }

  @Test
  void reportsAHundredAndSaysHowManyThereAre() {
    MemoryLog log = MemoryLog.ofSize(300);
    log.entries.replaceAll(entry -> MemoryLog.entry("x"));
    log.writeBundle(0);
    log.writeBundle(1);
    Broken broken = (Broken) log.verify();
    assertThat(broken.findings()).hasSize(100);
    assertThat(broken.total()).isEqualTo(300);
  }

  @Test
  void namesTheRunOfEntriesWhenTheirHashesWereAlteredToo() {
    MemoryLog log = MemoryLog.ofSize(1000);
    log.overwrite(300, MemoryLog.entry("something else"));
    overwriteTileToo(log, 300);
    Finding finding = onlyFinding(log.verify());
    assertThat(finding.kind()).isEqualTo(Kind.ENTRIES_ALTERED);
    assertThat(finding.message()).contains("entries 256 to 511");
  }

  @Test
  void findsThatAllIsWrongWhenTheRightEdgeWasAlteredThroughout() {
    MemoryLog log = MemoryLog.ofSize(100);
    log.overwrite(50, MemoryLog.entry("something else"));
    overwriteTileToo(log, 50);
    assertThat(onlyFinding(log.verify()).kind()).isEqualTo(Kind.ROOT);
  }

  @Test
  void tellsAWrongFileOfHashesFromAWrongEntry() {
    MemoryLog log = MemoryLog.ofSize(600);
    byte[] tile = log.read("tile/0/001").orElseThrow();
    tile[40] ^= 1;
    log.files.put("tile/0/001", tile);
    log.files.remove("tile/1/000.p/2");
    assertThat(findings(log.verify()))
        .extracting(Finding::kind, Finding::message)
        .containsExactlyInAnyOrder(
            tuple(Kind.TILE, "tile/0/001 has other hashes than its entries make"),
            tuple(Kind.TILE, "tile/1/000.p/2 is missing or of a wrong size"));
  }

  @Test
  void namesTheEntriesOfAMissingBundle() {
    MemoryLog log = MemoryLog.ofSize(600);
    log.files.remove("tile/entries/002.p/88");
    assertThat(findings(log.verify()))
        .hasSize(88)
        .allMatch(finding -> finding.kind() == Kind.ENTRY_MISSING)
        .extracting(finding -> finding.index().orElseThrow())
        .startsWith(512L, 513L);
  }

  @Test
  void namesWhatATruncatedBundleLacks() {
    MemoryLog log = MemoryLog.ofSize(600);
    byte[] bundle = log.read("tile/entries/001").orElseThrow();
    log.files.put("tile/entries/001", Arrays.copyOf(bundle, bundle.length - 3));
    assertAt(log.verify(), Kind.ENTRY_MISSING, 511);
  }

  @Test
  void findsBytesAfterTheLastEntryOfABundle() {
    MemoryLog log = MemoryLog.ofSize(600);
    byte[] bundle = log.read("tile/entries/001").orElseThrow();
    log.files.put("tile/entries/001", Arrays.copyOf(bundle, bundle.length + 1));
    assertThat(onlyFinding(log.verify()).message())
        .isEqualTo("tile/entries/001 has more in it than its entries");
  }

  @Test
  void takesAFullFileWhereThePartialOneIsGone() {
    MemoryLog log = MemoryLog.ofSize(512);
    MemoryLog shorter = MemoryLog.ofSize(500);
    log.files.put(TilePath.CHECKPOINT, shorter.files.get(TilePath.CHECKPOINT));
    // At 500 entries level 1 had one hash, at 512 it has two.
    log.files.put("tile/1/000.p/1", shorter.files.get("tile/1/000.p/1"));
    assertThat(log.verify()).isInstanceOf(Verified.class);
  }

  @Test
  void refusesAMissingCheckpointAndOneOfAnotherKey() {
    MemoryLog log = MemoryLog.ofSize(3);
    String note = new String(log.files.get(TilePath.CHECKPOINT), StandardCharsets.UTF_8);
    log.files.put(
        TilePath.CHECKPOINT, note.replace("\n3\n", "\n2\n").getBytes(StandardCharsets.UTF_8));
    assertThat(onlyFinding(log.verify()).kind()).isEqualTo(Kind.CHECKPOINT);
    log.files.remove(TilePath.CHECKPOINT);
    assertThat(onlyFinding(log.verify()).message()).isEqualTo("there is no checkpoint");
  }

  @Test
  void isConsistentWithEveryCheckpointFromBefore() {
    SignedCheckpoint[] known =
        IntStream.of(0, 1, 100, 256, 257, 600)
            .mapToObj(size -> MemoryLog.ofSize(size).checkpoint())
            .toArray(SignedCheckpoint[]::new);
    assertThat(MemoryLog.ofSize(600).verify(known)).isInstanceOf(Verified.class);
  }

  @Test
  void findsThatHistoryWasRewrittenUnderTheLogsOwnKey() {
    MemoryLog before = MemoryLog.ofSize(300);
    SignedCheckpoint known = before.checkpoint();
    MemoryLog after = MemoryLog.ofSize(600);
    after.entries.set(17, MemoryLog.entry("something else"));
    after.publish();
    assertThat(after.verify()).isInstanceOf(Verified.class);
    Finding finding = onlyFinding(after.verify(known));
    assertThat(finding.kind()).isEqualTo(Kind.HISTORY);
    assertThat(finding.message()).contains("the first 300 entries are not those");
  }

  @Test
  void findsThatTheLogWasRolledBack() {
    SignedCheckpoint known = MemoryLog.ofSize(300).checkpoint();
    assertAt(MemoryLog.ofSize(200).verify(known), Kind.HISTORY, 200);
  }
}
