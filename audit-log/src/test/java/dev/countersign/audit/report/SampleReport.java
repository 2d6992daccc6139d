package dev.countersign.audit.report;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Ed25519CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.entry.EntryEncoder;
import dev.countersign.audit.entry.Examples;
import dev.countersign.audit.merkle.CompactRange;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reports of small logs whose keys are always the same.
final class SampleReport {
  static final CheckpointSigner LOG = signer("example.com/custody", 1);
  static final CheckpointSigner MAKER = signer("example.com/compliance", 2);
  static final Instant FROM = Instant.parse("2026-11-01T00:00:00Z");
  static final Instant TO = Instant.parse("2026-12-01T00:00:00Z");
  static final Period NOVEMBER = new Period(FROM, TO);

  private SampleReport() {}

  static CheckpointSigner signer(String name, int seed) {
    try {
      KeyPairGenerator ed25519 = KeyPairGenerator.getInstance("Ed25519");
      ed25519.initialize(255, new Always(seed));
      return new Ed25519CheckpointSigner(name, ed25519.generateKeyPair());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /// An example of each type, then one that the period does not have any more.
  static List<Bytes> entries() {
    List<Bytes> entries = new ArrayList<>();
    Examples.all().values().forEach(record -> entries.add(entry(record)));
    entries.add(stopped(TO));
    return entries;
  }

  static Bytes entry(AuditRecord record) {
    return Bytes.of(EntryEncoder.encode(record));
  }

  static Bytes stopped(Instant at) {
    return entry(
        AuditRecord.of(at, Actor.system("server"), new AuditEvent.ServerStopped("node-1")));
  }

  static SignedCheckpoint checkpoint(List<Bytes> entries) {
    CompactRange range = new CompactRange();
    entries.forEach(entry -> range.append(TreeHash.leaf(entry.toArray())));
    return SignedCheckpoint.sign(
        new Checkpoint(LOG.verifierKey().name(), entries.size(), range.root()), LOG);
  }

  /// Makes and signs a report in `directory`.
  static ReportManifest make(Path directory, Period period, List<Bytes> entries) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    try (ReportDraft draft = new ReportDraft(directory, period, Long.MAX_VALUE)) {
      for (int i = 0; i < entries.size(); i++) {
        draft.entry(i, entries.get(i));
      }
      ReportManifest manifest = draft.finish(checkpoint(entries), LOG.verifierKey());
      manifest.sign(directory, MAKER);
      return manifest;
    }
  }

  static ReportCheck.Verdict check(Path directory) {
    return new ReportCheck(MAKER.verifierKey(), LOG.logKeys(), WitnessPolicy.NONE).check(directory);
  }

  private static final class Always extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte value;

    private Always(int value) {
      this.value = (byte) value;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      Arrays.fill(bytes, value);
    }
  }
}
