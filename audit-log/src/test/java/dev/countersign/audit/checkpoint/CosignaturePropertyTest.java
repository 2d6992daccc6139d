package dev.countersign.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class CosignaturePropertyTest {
  private static final CheckpointSigner LOG = SignedCheckpointTest.signer("example.com/log");
  private static final List<CheckpointSigner> WITNESSES =
      IntStream.range(0, 5)
          .mapToObj(i -> SignedCheckpointTest.signer("witness.example/" + i))
          .toList();
  private static final List<WitnessKey> KEYS = WITNESSES.stream().map(Cosignature::keyOf).toList();

  private static SignedCheckpoint checkpoint(long size, byte[] root) {
    return SignedCheckpoint.sign(new Checkpoint("example.com/log", size, Digest32.of(root)), LOG);
  }

  private static byte[] bytes(String note) {
    return note.getBytes(StandardCharsets.UTF_8);
  }

  @Property(tries = 50)
  void whatWasCosignedIsVerified(
      @ForAll @LongRange(min = 0) long size,
      @ForAll @Size(32) byte[] root,
      @ForAll @LongRange(min = 0, max = 253402300799L) long time) {
    SignedCheckpoint signed = checkpoint(size, root);
    Cosignature made = Cosignature.sign(signed, WITNESSES.get(0), Instant.ofEpochSecond(time));

    assertThat(Cosignature.check(made.line(), signed, KEYS.get(0)))
        .hasValueSatisfying(read -> assertThat(read.at()).isEqualTo(made.at()));
    assertThat(Cosignature.check(made.line(), signed, KEYS.get(1))).isEmpty();
    assertThat(SignedCheckpoint.open(bytes(signed.noteWith(List.of(made))), LOG.verifierKey()))
        .extracting(SignedCheckpoint::checkpoint)
        .isEqualTo(signed.checkpoint());
  }

  /// One bit of every byte.
  @Property(tries = 4)
  void noChangedBitOfANoteIsBelieved(
      @ForAll @LongRange(min = 0) long size, @ForAll @IntRange(max = 7) int bit) {
    SignedCheckpoint signed = checkpoint(size, new byte[32]);
    WitnessPolicy both = WitnessPolicy.of(2, KEYS.subList(0, 2));
    byte[] good =
        bytes(
            signed.noteWith(
                List.of(
                    Cosignature.sign(signed, WITNESSES.get(0), Instant.ofEpochSecond(1)),
                    Cosignature.sign(signed, WITNESSES.get(1), Instant.ofEpochSecond(2)))));
    assertThat(CosignedCheckpoint.open(good, LOG.verifierKey(), both).cosigners()).hasSize(2);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) (1 << bit);
      assertThatThrownBy(() -> CosignedCheckpoint.open(bad, LOG.verifierKey(), both))
          .as("bit %d of byte %d", bit, i)
          .isInstanceOf(InvalidNoteException.class);
    }
  }

  @Property(tries = 50)
  void aSignatureIsGoodForItsCheckpointAlone(
      @ForAll @LongRange(min = 0) long size,
      @ForAll @LongRange(min = 0) long otherSize,
      @ForAll @Size(32) byte[] root,
      @ForAll @Size(32) byte[] otherRoot) {
    SignedCheckpoint signed = checkpoint(size, root);
    SignedCheckpoint other = checkpoint(otherSize, otherRoot);
    String line = Cosignature.sign(signed, WITNESSES.get(0), Instant.EPOCH).line();
    assertThat(Cosignature.check(line, other, KEYS.get(0)).isPresent())
        .isEqualTo(signed.checkpoint().equals(other.checkpoint()));
  }

  @Property(tries = 100)
  void kOfNIsMetByKAndNoFewer(
      @ForAll @IntRange(min = 1, max = 5) int quorum, @ForAll @Size(5) List<Boolean> present) {
    SignedCheckpoint signed = checkpoint(7, new byte[32]);
    List<Cosignature> there = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      if (present.get(i)) {
        there.add(Cosignature.sign(signed, WITNESSES.get(i), Instant.EPOCH));
        // The same witness twice is one witness.
        there.add(Cosignature.sign(signed, WITNESSES.get(i), Instant.ofEpochSecond(9)));
      }
    }
    byte[] note = bytes(signed.noteWith(there));
    WitnessPolicy policy = WitnessPolicy.of(quorum, KEYS);
    if (there.size() / 2 >= quorum) {
      assertThat(CosignedCheckpoint.open(note, LOG.verifierKey(), policy).cosigners())
          .hasSize(there.size() / 2);
    } else {
      assertThatThrownBy(() -> CosignedCheckpoint.open(note, LOG.verifierKey(), policy))
          .isInstanceOf(InvalidNoteException.class)
          .hasMessageContaining("lacks cosignatures");
    }
  }
}
