package dev.countersign.mpc.ot;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.SessionId;
import java.security.SecureRandom;

/// The base OTs of one direction, for tests.
public record Pair(ReceiverSeeds receiver, SenderSeeds sender) {
  private static final SecureRandom RANDOM = new SecureRandom();

  public static SessionId session() {
    byte[] nonce = new byte[32];
    RANDOM.nextBytes(nonce);
    return SessionId.of("test", 1, new byte[] {1}, 0, Party.first(2), 2, nonce, new byte[32]);
  }

  public static PairId direction() {
    return session().pair(new Party(1), new Party(2));
  }

  /// Party 1 sends the base OTs, so it receives those of the extension.
  public static Pair of(PairId direction) {
    try (BaseOtSender sender = BaseOtSender.draw(direction, RANDOM);
        BaseOtReceiver receiver = BaseOtReceiver.draw(direction, RANDOM)) {
      SeedTrees.Grown grown = SeedTrees.grow(direction, sender, receiver.message());
      return new Pair(
          grown.seeds(),
          SeedTrees.puncture(direction, receiver, sender.message(), grown.message()));
    } catch (ProtocolAbortException e) {
      throw new AssertionError(e);
    }
  }
}
