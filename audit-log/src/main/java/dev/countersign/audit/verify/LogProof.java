package dev.countersign.audit.verify;

import dev.countersign.audit.checkpoint.CanonicalBase64;
import dev.countersign.audit.checkpoint.CosignedCheckpoint;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.merkle.InclusionProof;
import dev.countersign.audit.merkle.ProofCheck;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Proof that an entry is in a log, in one file: C2SP tlog-proof, with the entry itself as its
/// extra data. It is good for whoever has the log's verifier key, for good, and without asking
/// anybody.
///
/// @param entry its bytes
/// @param index of the entry
/// @param path see [InclusionProof#path]
/// @param checkpoint the signed note
public record LogProof(Bytes entry, long index, List<Digest32> path, String checkpoint) {
  /// How such files should end.
  public static final String EXTENSION = ".tlog-proof";

  private static final String HEAD = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final int MOST_HASHES = 63;

  public LogProof {
    path = List.copyOf(path);
  }

  /// What a proof turned out to be worth.
  public sealed interface Verdict {
    /// The entry is in the log of that checkpoint.
    record Proven(SignedCheckpoint checkpoint) implements Verdict {}

    /// Nothing follows from it, and why.
    record NotProven(String reason) implements Verdict {}
  }

  /// @param key of the log, from a source that is trusted
  public Verdict check(VerifierKey key) {
    return check(LogKeys.of(key), WitnessPolicy.NONE);
  }

  /// @param keys of the log, from a source that is trusted
  /// @param policy whose cosignatures the checkpoint needs, from a source that is trusted
  public Verdict check(LogKeys keys, WitnessPolicy policy) {
    SignedCheckpoint signed;
    try {
      byte[] note = checkpoint.getBytes(StandardCharsets.UTF_8);
      signed = CosignedCheckpoint.open(note, keys, policy).signed();
    } catch (InvalidNoteException e) {
      return new Verdict.NotProven(String.valueOf(e.getMessage()));
    }
    InclusionProof proof = new InclusionProof(index, signed.checkpoint().treeSize(), path);
    return switch (proof.check(TreeHash.leaf(entry.toArray()), signed.checkpoint().root())) {
      case ProofCheck.Holds _ -> new Verdict.Proven(signed);
      case ProofCheck.Fails(String reason) -> new Verdict.NotProven(reason);
    };
  }

  /// The text of the file.
  public String format() {
    StringBuilder text = new StringBuilder();
    text.append(HEAD).append('\n');
    text.append(EXTRA).append(CanonicalBase64.encode(entry)).append('\n');
    text.append(INDEX).append(index).append('\n');
    path.forEach(hash -> text.append(CanonicalBase64.encode(hash.bytes())).append('\n'));
    return text.append('\n').append(checkpoint).toString();
  }

  /// Reads the text of a file. It can come from anywhere: nothing in it is true before [#check].
  ///
  /// @throws InvalidNoteException when it is not in the form of a proof with its entry
  public static LogProof parse(String text) {
    int blank = text.indexOf("\n\n");
    if (blank < 0) {
      throw malformed("an empty line and a checkpoint after it", "none");
    }
    String[] lines = text.substring(0, blank).split("\n", -1);
    if (lines.length < 3 || !lines[0].equals(HEAD)) {
      throw malformed(HEAD + ", extra data and an index", lines[0]);
    }
    if (!lines[1].startsWith(EXTRA)) {
      throw malformed("the entry as extra data", lines[1]);
    }
    if (!lines[2].startsWith(INDEX)
        || !NUMBER.matcher(lines[2].substring(INDEX.length())).matches()) {
      throw malformed("an index", lines[2]);
    }
    if (lines.length > 3 + MOST_HASHES) {
      throw malformed("63 hashes at most", lines.length - 3 + " hashes");
    }
    List<Digest32> path = new ArrayList<>();
    for (int i = 3; i < lines.length; i++) {
      path.add(hash(lines[i]));
    }
    Optional<Bytes> entry = CanonicalBase64.decode(lines[1].substring(EXTRA.length()));
    return new LogProof(
        entry.orElseThrow(() -> malformed("the entry in base64", lines[1])),
        Long.parseLong(lines[2].substring(INDEX.length())),
        path,
        text.substring(blank + 2));
  }

  private static Digest32 hash(String line) {
    return CanonicalBase64.decode(line)
        .filter(bytes -> bytes.size() == Digest32.SIZE)
        .map(Digest32::new)
        .orElseThrow(() -> malformed("the base64 of a 32-byte hash", line));
  }

  private static InvalidNoteException malformed(String expected, String given) {
    return new InvalidNoteException(
        "not a proof of a log entry%n  expected: %s%n  got:      %s".formatted(expected, given));
  }
}
