package dev.countersign.mpc.keygen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Aborts;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.key.KeyLedger;
import dev.countersign.mpc.key.PreparedKey;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Messages that come too late or from another session, and rounds that are closed behind each
/// other.
class StaleMessagesTest {
  private static final Secp256k1Group GROUP = Secp256k1Group.INSTANCE;
  private static final Party ONE = new Party(1);
  private static final Party TWO = new Party(2);

  /// Of party 2 to party 1 in an earlier session, by round.
  private final Map<Integer, byte[]> stale = new TreeMap<>();

  private interface Round<N> {
    N next(Map<Party, byte[]> messages) throws ProtocolAbortException;
  }

  @BeforeEach
  void earlier() throws ProtocolAbortException {
    Ceremony.run(
        Ceremony.generation(GROUP, 2, 2),
        Map.of(),
        (round, from, to, message) -> {
          if (from.equals(TWO)) {
            stale.put(round, message);
          }
          return message;
        });
    assertThat(stale).hasSize(4);
  }

  private static Map<Party, byte[]> from(Party sender, SortedMap<Party, byte[]> messages) {
    return Map.of(sender, messages.firstEntry().getValue());
  }

  /// The stale message first, and nothing at all, then the right one.
  private <N> N past(int number, Round<N> round, SortedMap<Party, byte[]> right)
      throws ProtocolAbortException {
    byte[] old = Optional.ofNullable(stale.get(number)).orElseThrow();
    Aborts.withoutBan(Reason.MISMATCH, Optional.empty(), () -> round.next(Map.of(TWO, old)));
    Aborts.withoutBan(Reason.MISMATCH, Optional.of(TWO), () -> round.next(Map.of()));
    return round.next(from(TWO, right));
  }

  @Test
  void aStaleMessageEndsNoRoundAndClosingOneThatHasGoneOnLosesNothing() throws Exception {
    var commits = Ceremony.begin(Ceremony.generation(GROUP, 2, 2), Map.of());
    CommitRound<Secp256k1Point> commit = commits.firstEntry().getValue();
    CommitRound<Secp256k1Point> peerCommit = commits.lastEntry().getValue();
    EchoRound<Secp256k1Point> echo = past(1, commit::next, peerCommit.messages());
    EchoRound<Secp256k1Point> peerEcho = peerCommit.next(from(ONE, commit.messages()));
    commit.close();
    RevealRound<Secp256k1Point> reveal = past(2, echo::next, peerEcho.messages());
    RevealRound<Secp256k1Point> peerReveal = peerEcho.next(from(ONE, echo.messages()));
    echo.close();
    SortedMap<Party, byte[]> revealed = reveal.messages();
    CertifyRound<Secp256k1Point> certify = past(3, reveal::next, peerReveal.messages());
    CertifyRound<Secp256k1Point> peerCertify = peerReveal.next(from(ONE, revealed));
    reveal.close();
    PreparedKey<Secp256k1Point> prepared = past(4, certify::next, peerCertify.messages());
    certify.close();
    assertThat(KeyLedger.empty(GROUP, ONE).prepare(prepared).prepared()).isPresent();
  }

  @Test
  void aClosedRoundDoesNotGoOn() throws Exception {
    Optional<Party> nobody = Optional.empty();
    var commits = Ceremony.begin(Ceremony.generation(GROUP, 2, 2), Map.of());
    CommitRound<Secp256k1Point> commit = commits.firstEntry().getValue();
    CommitRound<Secp256k1Point> peerCommit = commits.lastEntry().getValue();
    EchoRound<Secp256k1Point> peerEcho = peerCommit.next(from(ONE, commit.messages()));
    EchoRound<Secp256k1Point> echo = commit.next(from(TWO, peerCommit.messages()));
    peerEcho.close();
    Aborts.withoutBan(Reason.REUSE, nobody, () -> peerEcho.next(from(ONE, echo.messages())));
    CommitRound<Secp256k1Point> closed =
        Ceremony.begin(Ceremony.generation(GROUP, 2, 2), Map.of()).firstEntry().getValue();
    closed.close();
    commit.close();
    Aborts.withoutBan(Reason.REUSE, nobody, () -> commit.next(from(TWO, peerCommit.messages())));
  }
}
