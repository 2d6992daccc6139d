package dev.countersign.policy.succession;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.model.Bytes;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.TestPerson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// Whatever is changed in what the founders signed, or given instead of it, is no policy.
class PolicySuccessionPropertyTest {
  private static final TestPerson FRIDA = new TestPerson("frida", 70);
  private static final TestPerson GUSTAV = new TestPerson("gustav", 71);
  private static final Founders FOUNDERS = PolicyDatabase.founders(2, FRIDA, GUSTAV);
  private static final PolicyLink LINK = link();

  private static PolicyLink link() {
    Bytes document =
        Bytes.of("format: countersign/policy/v1\nrules: []\n".getBytes(StandardCharsets.UTF_8));
    Founding begun =
        Founding.begin(
            FOUNDERS,
            document,
            new ProposalId(new UUID(7, 7)),
            Instant.parse("2026-11-23T06:00:00Z"));
    return begun
        .with(FRIDA.approves(begun.statement()))
        .with(GUSTAV.approves(begun.statement()))
        .link(document);
  }

  private static Bytes flipped(Bytes bytes, int place) {
    byte[] changed = bytes.toArray();
    int bit = place % (changed.length * Byte.SIZE);
    changed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
    return Bytes.of(changed);
  }

  private static boolean isPolicy(PolicyLink link) {
    return PolicySuccession.of(FOUNDERS).then(link).head().isPresent();
  }

  @Property(tries = 300)
  void noBitOfWhatWasSignedCanBeChanged(@ForAll @IntRange(min = 0) int place) {
    assertThat(isPolicy(LINK)).isTrue();
    assertThat(
            isPolicy(
                new PolicyLink(
                    1, flipped(LINK.document(), place), LINK.statement(), LINK.approvals())))
        .isFalse();
    assertThat(
            isPolicy(
                new PolicyLink(
                    1, LINK.document(), flipped(LINK.statement(), place), LINK.approvals())))
        .isFalse();
    Approval last = LINK.approvals().getLast();
    Approval forged =
        new Approval(
            last.approver(), last.key(), last.decision(), flipped(last.signature(), place));
    assertThat(
            isPolicy(
                new PolicyLink(
                    1,
                    LINK.document(),
                    LINK.statement(),
                    List.of(LINK.approvals().getFirst(), forged))))
        .isFalse();
  }

  @Property(tries = 300)
  void anyBytesAreJudgedAndAreNoPolicy(
      @ForAll @Size(max = 400) byte[] document, @ForAll @Size(max = 400) byte[] statement) {
    PolicySuccession after =
        PolicySuccession.of(FOUNDERS)
            .then(new PolicyLink(1, Bytes.of(document), Bytes.of(statement), LINK.approvals()));
    assertThat(after.head()).isEmpty();
    assertThat(after.faultOf(1)).isPresent();
  }
}
