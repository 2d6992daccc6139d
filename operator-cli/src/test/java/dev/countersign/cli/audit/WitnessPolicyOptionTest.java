package dev.countersign.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.merkle.CompactRange;
import dev.countersign.audit.merkle.InclusionProof;
import dev.countersign.audit.merkle.ProofPlan;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.cli.Countersign;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.witness.SmallLog;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessPolicyOptionTest {
  private static final int SIZE = 5;
  private static final SmallLog LOG = SmallLog.create();
  private static final List<CheckpointSigner> WITNESSES =
      Stream.of("w.example/1", "w.example/2", "w.example/3").map(SmallLog::signer).toList();

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void policy() throws IOException {
    var text = new StringBuilder("log " + LOG.signer().verifierKey() + "\n");
    for (int i = 0; i < WITNESSES.size(); i++) {
      text.append("witness w%d %s\n".formatted(i, Cosignature.keyOf(WITNESSES.get(i))));
    }
    Files.writeString(policyFile(), text + "group two 2 w0 w1 w2\nquorum two\n");
  }

  private Path policyFile() {
    return directory.resolve("policy");
  }

  private static List<Cosignature> cosignatures(int count) {
    return WITNESSES.stream()
        .limit(count)
        .map(witness -> Cosignature.sign(LOG.checkpoint(SIZE), witness, Instant.ofEpochSecond(9)))
        .toList();
  }

  private Path log(int cosigned) throws IOException {
    var files = directory.resolve("log-" + cosigned);
    LOG.export(files, SIZE, cosignatures(cosigned));
    return files;
  }

  private Path proof(int cosigned) throws IOException {
    var path =
        ProofPlan.inclusion(0, SIZE)
            .resolve(
                subtree -> {
                  var leaves = new ArrayList<byte[]>();
                  long width = 1L << subtree.level();
                  for (long i = 0; i < width; i++) {
                    leaves.add(entry(subtree.index() * width + i));
                  }
                  return perfect(leaves);
                });
    var note = LOG.checkpoint(SIZE).noteWith(cosignatures(cosigned));
    assertThat(
            new InclusionProof(0, SIZE, path)
                .check(TreeHash.leaf(entry(0)), LOG.checkpoint(SIZE).checkpoint().root()))
        .hasToString("Holds[]");
    var file = directory.resolve("0-" + cosigned + LogProof.EXTENSION);
    Files.writeString(file, new LogProof(Bytes.of(entry(0)), 0, path, note).format());
    return file;
  }

  private static byte[] entry(long index) {
    return ("entry " + index).getBytes(StandardCharsets.UTF_8);
  }

  private static Digest32 perfect(List<byte[]> leaves) {
    var range = new CompactRange();
    leaves.forEach(leaf -> range.append(TreeHash.leaf(leaf)));
    return range.root();
  }

  private int verify(Path what, String... more) {
    var arguments = new ArrayList<String>();
    arguments.addAll(
        List.of("audit", "verify", what.toString(), "--key", LOG.signer().verifierKey() + ""));
    arguments.addAll(List.of(more));
    return Countersign.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }

  private int verifyWitnessed(Path what) {
    return verify(what, "--witness-policy", policyFile().toString());
  }

  @Test
  void aLogNeedsTheWordOfEnoughWitnesses() throws IOException {
    assertThat(verifyWitnessed(log(3))).as("%s", err).isEqualTo(ExitCode.OK);
    assertThat(verifyWitnessed(log(2))).isEqualTo(ExitCode.OK);
    assertThat(verifyWitnessed(log(1))).isEqualTo(ExitCode.NO);
    assertThat(err.toString())
        .contains("lacks cosignatures")
        .contains("2 of (w.example/1, w.example/2, w.example/3)")
        .contains("w.example/1");
    // Who asks for no witnesses is told about none.
    assertThat(verify(log(0))).isEqualTo(ExitCode.OK);
  }

  @Test
  void aProofDoesToo() throws IOException {
    assertThat(verifyWitnessed(proof(2))).as("%s", err).isEqualTo(ExitCode.OK);
    assertThat(verifyWitnessed(proof(1))).isEqualTo(ExitCode.NO);
    assertThat(err.toString()).contains("NOT proven").contains("lacks cosignatures");
    assertThat(verify(proof(1))).isEqualTo(ExitCode.OK);
  }

  @Test
  void aPolicyThatIsNoneIsNamed() throws IOException {
    Files.writeString(policyFile(), "quorum w1\n");
    assertThat(verifyWitnessed(log(3))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--witness-policy").contains("line 1: a member");
    assertThat(verify(log(3), "--witness-policy", "/none")).isEqualTo(ExitCode.UNAVAILABLE);
    Files.writeString(
        policyFile(),
        "log " + SmallLog.signer("example.com/other").verifierKey() + "\nquorum none\n");
    assertThat(verifyWitnessed(log(3))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("is for other logs than");
  }
}
