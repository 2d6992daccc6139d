package dev.countersign.cosigner.store;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.KeyId;
import dev.countersign.cosigner.wire.FieldWriter;
import dev.countersign.mpc.Party;

/// What a seal authenticates beside what it hides: whose it is and which of them, so that no row
/// can be put in the place of another.
final class SealContext {
  private static final int VERSION = 1;

  private final CosignerName name;

  SealContext(CosignerName name) {
    this.name = name;
  }

  /// @param epoch in use, -1 for none
  /// @param activeOf the generation that the epoch in use was made in, `preparedOf` that of the
  /// prepared one, `generation` that of the row
  Bytes key(KeyId key, long epoch, long activeOf, long preparedOf, long generation) {
    return finished(
        begin("cosigner key")
            .text(key.value())
            .u64(epoch)
            .u64(activeOf)
            .u64(preparedOf)
            .u64(generation));
  }

  Bytes setup(KeyId key, long epoch, Party peer) {
    return finished(begin("cosigner pair setup").text(key.value()).u64(epoch).u8(peer.number()));
  }

  Bytes bans(long generation) {
    return finished(begin("cosigner bans").u64(generation));
  }

  private FieldWriter begin(String what) {
    return new FieldWriter(what, VERSION).text(name.value());
  }

  private static Bytes finished(FieldWriter writer) {
    return Bytes.of(writer.finish());
  }
}
