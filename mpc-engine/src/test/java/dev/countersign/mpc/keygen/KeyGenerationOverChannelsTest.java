package dev.countersign.mpc.keygen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.channel.Channel;
import dev.countersign.mpc.channel.ChannelHandshake;
import dev.countersign.mpc.channel.Received;
import dev.countersign.mpc.channel.Received.Ignored;
import dev.countersign.mpc.channel.Received.Message;
import dev.countersign.mpc.frost.FrostSecp256k1;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.transcript.PairId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A key made through sealed channels, with somebody on the line who changes, repeats and sends
/// back whatever it sees.
class KeyGenerationOverChannelsTest {
  private final Map<PairId, Channel> channels = new HashMap<>();

  private Channel channel(PairId pair) {
    return Optional.ofNullable(channels.get(pair)).orElseThrow();
  }

  private void connect(DealingPlan<?> plan) throws ProtocolAbortException {
    for (Party one : plan.participants()) {
      for (Party other : plan.participants()) {
        if (one.compareTo(other) < 0) {
          ChannelHandshake here = handshake(plan, one, other);
          ChannelHandshake there = handshake(plan, other, one);
          channels.put(plan.session().pair(one, other), here.accept(there.offer()).orElseThrow());
          channels.put(plan.session().pair(other, one), there.accept(here.offer()).orElseThrow());
        }
      }
    }
  }

  private static ChannelHandshake handshake(DealingPlan<?> plan, Party self, Party peer) {
    return ChannelHandshake.begin(
        plan.session(),
        self,
        Ceremony.identity(self),
        peer,
        Ceremony.identity(peer).known(),
        Ceremony.RANDOM);
  }

  @Test
  void whoeverIsOnTheLineDoesNotStopAKeyFromBeingMade() throws Exception {
    DealingPlan<Secp256k1Point> plan = Ceremony.generation(Secp256k1Group.INSTANCE, 2, 3);
    connect(plan);
    var results =
        Ceremony.run(
            plan,
            Map.of(),
            (round, from, to, message) -> {
              Channel sender = channel(plan.session().pair(from, to));
              Channel receiver = channel(plan.session().pair(to, from));
              byte[] envelope = sender.seal(message);
              byte[] forged = Cheat.flipped(envelope, envelope.length - 1);
              assertThat(receiver.open(forged)).isInstanceOf(Ignored.class);
              assertThat(receiver.open(message)).isInstanceOf(Ignored.class);
              assertThat(sender.open(envelope)).isInstanceOf(Ignored.class);
              Received received = receiver.open(envelope);
              assertThat(receiver.open(envelope)).isInstanceOf(Ignored.class);
              return switch (received) {
                case Message(long sequence, byte[] payload) -> {
                  assertThat(sequence).isEqualTo(sent(round));
                  yield payload;
                }
                case Ignored ignored -> throw new AssertionError(ignored);
              };
            });
    SharedKeys.check(FrostSecp256k1.INSTANCE, Ceremony.shares(results), 2);
  }

  /// One message in each round.
  private static long sent(int round) {
    return round - 1L;
  }
}
