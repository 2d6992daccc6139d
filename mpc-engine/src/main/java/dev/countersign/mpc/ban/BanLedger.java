package dev.countersign.mpc.ban;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Who is banned, as a value: a ban makes another ledger, which its owner stores before anything
/// else is done. Nobody is taken off a ledger; an operator who trusts a party again begins a new
/// one.
public final class BanLedger {
  /// By number, then by identity.
  private static final Comparator<Ban> ORDER =
      Comparator.comparing(Ban::party)
          .thenComparing(ban -> ban.identity().bytes(), Arrays::compareUnsigned);

  public static final BanLedger EMPTY = new BanLedger(List.of());

  /// In that order, each number and identity once.
  private final List<Ban> bans;

  private BanLedger(List<Ban> bans) {
    this.bans = List.copyOf(bans);
  }

  /// The ledger with one ban more. The first ban of an identity by one number stays as it is.
  public BanLedger with(Ban ban) {
    if (bans.stream().anyMatch(one -> ORDER.compare(one, ban) == 0)) {
      return this;
    }
    return new BanLedger(Stream.concat(bans.stream(), Stream.of(ban)).sorted(ORDER).toList());
  }

  public Optional<Ban> of(Party party) {
    return bans.stream().filter(ban -> ban.party().equals(party)).findFirst();
  }

  public Optional<Ban> of(PeerIdentity identity) {
    return bans.stream().filter(ban -> ban.identity().equals(identity)).findFirst();
  }

  /// Checked when a session is made.
  ///
  /// @throws ProtocolAbortException with BANNED, which names the first of them who is
  public void admit(Collection<Party> parties) throws ProtocolAbortException {
    for (Ban ban : bans) {
      if (parties.contains(ban.party())) {
        throw refused(ban.party(), ban);
      }
    }
  }

  /// Checked when a session is made where identities are known: neither another number nor another
  /// identity brings a party back.
  ///
  /// @throws ProtocolAbortException with BANNED, which names the first of them who is
  public void admit(Map<Party, PeerIdentity> parties) throws ProtocolAbortException {
    admit(parties.keySet());
    for (Map.Entry<Party, PeerIdentity> entry : new TreeMap<>(parties).entrySet()) {
      Optional<Ban> ban = of(entry.getValue());
      if (ban.isPresent()) {
        throw refused(entry.getKey(), ban.get());
      }
    }
  }

  private static ProtocolAbortException refused(Party party, Ban ban) {
    return new ProtocolAbortException(
        Reason.BANNED,
        Optional.of(party),
        "banned as %s since session %s: %s".formatted(ban.party(), ban.since(), ban.why()));
  }

  public byte[] encode() {
    WireWriter out = new WireWriter(WireForm.BAN_LEDGER).u16(bans.size());
    for (Ban ban : bans) {
      out.party(ban.party())
          .fixed(ban.identity().bytes())
          .u8(ban.why().code())
          .fixed(ban.since().bytes());
    }
    return out.finish();
  }

  /// @throws ProtocolAbortException with MALFORMED for what [#encode] does not write
  public static BanLedger decode(byte[] bytes) throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.BAN_LEDGER, bytes, Optional.empty());
    int count = in.u16();
    List<Ban> bans = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Party party = in.party();
      PeerIdentity identity = PeerIdentity.read(in);
      int code = in.u8();
      Ban.Cause cause =
          Ban.Cause.of(code).orElseThrow(() -> in.malformed("a ban with cause " + code));
      SessionId since = SessionId.ofBytes(in.fixed(SessionId.BYTES));
      Ban ban = new Ban(party, identity, cause, since);
      if (!bans.isEmpty() && ORDER.compare(bans.getLast(), ban) >= 0) {
        throw in.malformed("a ban of %s after one of %s".formatted(party, bans.getLast().party()));
      }
      bans.add(ban);
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
    return bans.toString();
  }
}
