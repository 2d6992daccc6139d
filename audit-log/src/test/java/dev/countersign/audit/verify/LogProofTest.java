package dev.countersign.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.merkle.ProofPlan;
import dev.countersign.audit.merkle.ReferenceTree;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.core.model.Digest32;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogProofTest {
  private static final MemoryLog LOG = MemoryLog.ofSize(11);

  private static LogProof proof(int index) {
    ReferenceTree tree =
        new ReferenceTree(
            LOG.entries.stream().map(entry -> TreeHash.leaf(entry.toArray())).toList());
    List<Digest32> path =
        ProofPlan.inclusion(index, LOG.entries.size())
            .resolve(
                subtree -> {
                  int width = 1 << subtree.level();
                  int from = Math.toIntExact(subtree.index() * width);
                  return tree.mth(from, from + width);
                });
    return new LogProof(LOG.entries.get(index), index, path, LOG.checkpoint().note());
  }

  private static String reason(LogProof proof) {
    LogProof.Verdict verdict = proof.check(MemoryLog.key());
    assertThat(verdict).isInstanceOf(LogProof.Verdict.NotProven.class);
    return ((LogProof.Verdict.NotProven) verdict).reason();
  }

  @Test
  void provesEveryEntryAfterBeingWrittenAndRead() {
    for (int index = 0; index < LOG.entries.size(); index++) {
      LogProof read = LogProof.parse(proof(index).format());
      assertThat(read).isEqualTo(proof(index));
      assertThat(read.check(MemoryLog.key())).isInstanceOf(LogProof.Verdict.Proven.class);
    }
  }

  @Test
  void isInTheFormOfTlogProof() {
    assertThat(proof(10).format().lines().limit(7))
        .containsExactly(
            "c2sp.org/tlog-proof@v1",
            "extra ZW50cnkgMTA=",
            "index 10",
            base64(proof(10), 0), // over entries 8 and 9
            base64(proof(10), 1), // over entries 0 to 7
            "",
            "example.com/log");
    assertThat(proof(10).path()).hasSize(2);
  }

  private static String base64(LogProof proof, int position) {
    return Base64.getEncoder().encodeToString(proof.path().get(position).bytes().toArray());
  }

  @Test
  void provesNothingElse() {
    LogProof good = proof(4);
    String note = good.checkpoint();
    assertThat(reason(new LogProof(MemoryLog.entry("entry 5"), 4, good.path(), note)))
        .contains("leads to another root");
    assertThat(reason(new LogProof(good.entry(), 5, good.path(), note)))
        .contains("leads to another root");
    assertThat(reason(new LogProof(good.entry(), 11, good.path(), note)))
        .contains("outside of a tree of 11");
    assertThat(reason(new LogProof(good.entry(), 4, List.of(), note))).contains("fewer hashes");
    assertThat(reason(new LogProof(good.entry(), 4, good.path(), note.replace("\n11\n", "\n12\n"))))
        .contains("no good signature");
    assertThat(reason(new LogProof(good.entry(), 4, good.path(), ""))).contains("a note is a text");
  }

  @ParameterizedTest
  @CsvSource({
    "c2sp.org/tlog-proof@v1, c2sp.org/tlog-proof@v2",
    "extra ZW50cnkgNA==, extra ZW50cnkgNB==",
    "extra ZW50cnkgNA==, axtra ZW50cnkgNA==",
    "index 4, index 04",
    "index 4, index -4",
    "index 4, 'index 4 '",
    "index 4, 4"
  })
  void refusesOtherForms(String part, String other) {
    String good = proof(4).format();
    assertThat(good).contains(part);
    assertThatThrownBy(() -> LogProof.parse(good.replace(part, other)))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessageStartingWith("not a proof of a log entry");
  }

  @Test
  void refusesAPathThatIsNotMadeOfHashes() {
    String good = proof(4).format();
    String hash = base64(proof(4), 0);
    for (String bad : List.of("AAAA", "", hash + "\n\n" + hash, hash.substring(1))) {
      String text = good.replace(hash, bad);
      // An empty line ends the path; then what follows is no checkpoint.
      if (bad.contains("\n") || bad.isEmpty()) {
        assertThat(reason(LogProof.parse(text))).isNotEmpty();
      } else {
        assertThatThrownBy(() -> LogProof.parse(text)).isInstanceOf(InvalidNoteException.class);
      }
    }
    assertThatThrownBy(() -> LogProof.parse("")).isInstanceOf(InvalidNoteException.class);
    assertThatThrownBy(() -> LogProof.parse("\n\n")).isInstanceOf(InvalidNoteException.class);
    assertThatThrownBy(() -> LogProof.parse(good.replace(hash, (hash + "\n").repeat(64) + hash)))
        .isInstanceOf(InvalidNoteException.class)
        .hasMessageContaining("63 hashes at most");
  }
}
