package dev.countersign.mpc.key;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.util.Optional;

/// The next epoch of a key, certified by all and used by nobody yet: not before all have stored
/// theirs.
///
/// @param outcome what the participants sign
/// @param self whose it is
/// @param key what all know of it
/// @param share this party's, or none for one that deals and leaves
/// @param <P> points of the group
public record PreparedKey<P extends Point<P>>(
    Outcome outcome, Party self, EpochKey<P> key, Optional<EpochShare<P>> share) {

  byte[] encode() {
    WireWriter out =
        new WireWriter(WireForm.PREPARED_KEY)
            .sized(outcome.encode())
            .party(self)
            .sized(key.encode())
            .u8(share.isPresent() ? 1 : 0);
    share.ifPresent(held -> out.scalar(held.share().secret()));
    return out.finish();
  }

  static <P extends Point<P>> PreparedKey<P> decode(Group<P> group, byte[] bytes)
      throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.PREPARED_KEY, bytes, Optional.empty());
    Outcome outcome = Outcome.decode(in.sized(bytes.length));
    Party self = in.party();
    EpochKey<P> key = EpochKey.decode(group, in.sized(bytes.length));
    if (!in.flag()) {
      in.end();
      return new PreparedKey<>(outcome, self, key, Optional.empty());
    }
    Scalar secret = in.scalar(group.scalars());
    try {
      in.end();
      return new PreparedKey<>(
          outcome, self, key, Optional.of(new EpochShare<>(key, self, secret)));
    } catch (IllegalArgumentException e) {
      secret.wipe();
      throw in.malformed(String.valueOf(e.getMessage()));
    }
  }
}
