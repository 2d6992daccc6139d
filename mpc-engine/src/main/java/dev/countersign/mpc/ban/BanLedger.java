package dev.countersign.mpc.ban;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who is banned, as a value: a ban makes another ledger, which its owner stores before anything
/// else is done. Nobody is taken off a ledger; an operator who trusts a party again begins a new
/// one.
public final class BanLedger {
  public static final BanLedger EMPTY = new BanLedger(new TreeMap<>());

  private final SortedMap<Party, Ban> bans;

  private BanLedger(SortedMap<Party, Ban> bans) {
    this.bans = bans;
  }

  /// The ledger with one ban more. The first ban of a party stays as it is.
  public BanLedger with(Ban ban) {
    SortedMap<Party, Ban> more = new TreeMap<>(bans);
    more.putIfAbsent(ban.party(), ban);
    return new BanLedger(more);
  }

  public Optional<Ban> of(Party party) {
    return Optional.ofNullable(bans.get(party));
  }

  /// Checked when a session is made.
  ///
  /// @throws ProtocolAbortException with BANNED, which names the first of them who is
  public void admit(Collection<Party> parties) throws ProtocolAbortException {
    for (Map.Entry<Party, Ban> entry : bans.entrySet()) {
      if (parties.contains(entry.getKey())) {
        Ban ban = entry.getValue();
        throw new ProtocolAbortException(
            Reason.BANNED,
            Optional.of(ban.party()),
            "banned since session %s: %s".formatted(ban.since(), ban.why()));
      }
    }
  }

  public byte[] encode() {
    WireWriter out = new WireWriter(WireForm.BAN_LEDGER).u8(bans.size());
    bans.values()
        .forEach(ban -> out.party(ban.party()).u8(ban.why().code()).fixed(ban.since().bytes()));
    return out.finish();
  }

  /// @throws ProtocolAbortException with MALFORMED for what [#encode] does not write
  public static BanLedger decode(byte[] bytes) throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.BAN_LEDGER, bytes, Optional.empty());
    int count = in.u8();
    SortedMap<Party, Ban> bans = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      Party party = in.party();
      if (!bans.isEmpty() && bans.lastKey().compareTo(party) >= 0) {
        throw in.malformed("%s after %s".formatted(party, bans.lastKey()));
      }
      int code = in.u8();
      Ban.Cause cause =
          Ban.Cause.of(code).orElseThrow(() -> in.malformed("a ban with cause " + code));
      SessionId since = SessionId.ofBytes(in.fixed(SessionId.BYTES));
      bans.put(party, new Ban(party, cause, since));
    }
    in.end();
    return new BanLedger(bans);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof BanLedger other && bans.equals(other.bans);
  }

  @Override
  public int hashCode() {
    return bans.hashCode();
  }

  @Override
  public String toString() {
    return bans.values().toString();
  }
}
