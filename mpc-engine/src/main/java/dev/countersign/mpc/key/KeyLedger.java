package dev.countersign.mpc.key;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.Statement;
import dev.countersign.mpc.identity.Statement.Kind;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What one party has of one key through its epochs, as a value: every step makes another ledger,
/// which its owner stores before it says or does anything that follows from it.
///
/// 1. [#prepare]: the next epoch is kept beside the one in use. Once that is stored the party says
///    [#stored], and from then on cannot take it back by itself.
/// 2. [#activate]: all have stored it, so it is used, and the epoch before is kept aside. The
///    statements that say so can be shown to whoever missed them.
/// 3. [#retire]: all use it, so the epoch before is gone. Its share is wiped by the owner then.
///
/// A party that has not stored a prepared epoch may [#refuse] it for good, by which the others
/// [#abandon] it. Whoever signs both cheats, and what it breaks is mended by the epoch before.
///
/// @param <P> points of the group
public final class KeyLedger<P extends Point<P>> {
  /// More refused sessions than anybody has between two epochs. One place is kept for what is
  /// prepared, which others may refuse.
  private static final int MOST_REFUSED = 0xffff;

  private final Group<P> group;
  private final Party self;
  private final Optional<PreparedKey<P>> active;
  private final Optional<PreparedKey<P>> prepared;
  private final Optional<PreparedKey<P>> retiring;

  /// With the epochs that they are said to make.
  private final Map<SessionId, Long> refused;

  private KeyLedger(
      Group<P> group,
      Party self,
      Optional<PreparedKey<P>> active,
      Optional<PreparedKey<P>> prepared,
      Optional<PreparedKey<P>> retiring,
      Map<SessionId, Long> refused) {
    this.group = group;
    this.self = self;
    this.active = active;
    this.prepared = prepared;
    this.retiring = retiring;
    this.refused = new LinkedHashMap<>(refused);
  }

  /// Before key generation, or before one joins.
  public static <P extends Point<P>> KeyLedger<P> empty(Group<P> group, Party self) {
    return new KeyLedger<>(
        group, self, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
  }

  /// The share to sign with: never one that somebody may not have stored.
  public Optional<EpochShare<P>> active() {
    return active.flatMap(PreparedKey::share);
  }

  public Optional<PreparedKey<P>> prepared() {
    return prepared;
  }

  /// The share of the epoch before, until all use the one that is active.
  public Optional<EpochShare<P>> retiring() {
    return retiring.flatMap(PreparedKey::share);
  }

  /// @throws ProtocolAbortException with MISMATCH for another key or epoch than the next, or a
  /// share that is wiped or not the key's; with REUSE when another one is prepared, this session
  /// was refused or as many were as there may be
  public KeyLedger<P> prepare(PreparedKey<P> next) throws ProtocolAbortException {
    if (prepared.isPresent() || refused.containsKey(next.outcome().session())) {
      throw abort(Reason.REUSE, "another epoch is prepared, or this one was refused");
    }
    if (refused.size() >= MOST_REFUSED) {
      throw abort(Reason.REUSE, "%d sessions were refused".formatted(refused.size()));
    }
    if (!next.self().equals(self) || !next.key().group().equals(group)) {
      throw abort(Reason.MISMATCH, "a prepared epoch of another party or group than " + self);
    }
    if (active.isPresent() && !follows(active.get(), next.key())) {
      throw abort(
          Reason.MISMATCH, "%s after %s, or another key".formatted(next.key(), active.get().key()));
    }
    if (next.share().filter(share -> !isOwn(share, next.key())).isPresent()) {
      throw abort(Reason.MISMATCH, "a share that is wiped, or not the one of %s".formatted(self));
    }
    return new KeyLedger<>(group, self, active, Optional.of(next), retiring, refused);
  }

  private boolean isOwn(EpochShare<P> share, EpochKey<P> key) {
    return share.party().equals(self)
        && share.key().equals(key)
        && group.generate(share.share().secret()).equals(key.share(self));
  }

  /// Whoever left and comes back has missed epochs.
  private static boolean isNext(PreparedKey<?> current, long epoch) {
    long before = current.key().epoch();
    return current.share().isPresent() ? epoch == before + 1 : epoch > before;
  }

  private boolean follows(PreparedKey<P> current, EpochKey<P> next) {
    EpochKey<P> before = current.key();
    return isNext(current, next.epoch())
        && next.key().point().equals(before.key().point())
        && next.keygen().equals(before.keygen())
        && Arrays.equals(next.keyId(), before.keyId())
        && Arrays.equals(next.chainCode(), before.chainCode());
  }

  /// What this party tells the others once this ledger is stored.
  public Statement stored(Identity identity) throws ProtocolAbortException {
    return pending().outcome().state(Kind.STORED, self, identity);
  }

  /// Where the epoch before the active one was still kept, it goes: all who have stored this one
  /// were using the active one, and its owner closes what [#retiring] was.
  ///
  /// @param statements that all the others have stored it
  public KeyLedger<P> activate(Collection<Statement> statements) throws ProtocolAbortException {
    PreparedKey<P> next = pending();
    next.outcome().requireAll(Kind.STORED, self, statements);
    return new KeyLedger<>(group, self, Optional.of(next), Optional.empty(), active, Map.of());
  }

  /// What this party tells the others once the active epoch is stored as such.
  public Statement activated(Identity identity) throws ProtocolAbortException {
    return current().outcome().state(Kind.ACTIVATED, self, identity);
  }

  /// The epoch before goes; once this ledger is stored, the owner closes what [#retiring] was.
  ///
  /// @param statements that all the others use the active epoch
  public KeyLedger<P> retire(Collection<Statement> statements) throws ProtocolAbortException {
    current().outcome().requireAll(Kind.ACTIVATED, self, statements);
    return new KeyLedger<>(group, self, active, prepared, Optional.empty(), refused);
  }

  /// This party will never store what comes of the session.
  ///
  /// @param epoch which the session makes; it is in the refusal, so that one for what this party
  /// has stored and used, whose epoch is over, says nothing
  /// @throws ProtocolAbortException with REUSE when it has stored it or refused as many as there
  /// may be; with MISMATCH when the epoch is not the next
  public KeyLedger<P> refuse(SessionId session, long epoch) throws ProtocolAbortException {
    if (isOf(prepared, session) || isOf(active, session) || isOf(retiring, session)) {
      throw abort(Reason.REUSE, "what came of this session is stored");
    }
    if (epoch < 0 || active.filter(current -> !isNext(current, epoch)).isPresent()) {
      throw abort(Reason.MISMATCH, "epoch %d is not the next".formatted(epoch));
    }
    Optional<Long> before = Optional.ofNullable(refused.get(session));
    if (before.isPresent()) {
      if (before.get() != epoch) {
        throw abort(Reason.MISMATCH, "refused as one of epoch %d".formatted(before.get()));
      }
      return this;
    }
    if (refused.size() >= MOST_REFUSED - 1) {
      throw abort(Reason.REUSE, "%d sessions were refused".formatted(refused.size()));
    }
    return new KeyLedger<>(group, self, active, prepared, retiring, including(session, epoch));
  }

  /// What this party tells the others once its refusal is stored.
  public Statement refusal(SessionId session, Identity identity) throws ProtocolAbortException {
    long epoch =
        Optional.ofNullable(refused.get(session))
            .orElseThrow(() -> abort(Reason.MISMATCH, "this session was not refused"));
    return Outcome.refuse(session, epoch, self, identity);
  }

  /// What is prepared goes, since somebody refuses it; the owner closes what it was.
  public KeyLedger<P> abandon(Statement refusal) throws ProtocolAbortException {
    PreparedKey<P> next = pending();
    long epoch = next.key().epoch();
    next.outcome().requireRefusal(refusal, epoch);
    return new KeyLedger<>(
        group,
        self,
        active,
        Optional.empty(),
        retiring,
        including(next.outcome().session(), epoch));
  }

  private Map<SessionId, Long> including(SessionId session, long epoch) {
    Map<SessionId, Long> more = new LinkedHashMap<>(refused);
    more.put(session, epoch);
    return more;
  }

  private boolean isOf(Optional<PreparedKey<P>> key, SessionId session) {
    return key.filter(one -> one.outcome().session().equals(session)).isPresent();
  }

  private PreparedKey<P> pending() throws ProtocolAbortException {
    return prepared.orElseThrow(() -> abort(Reason.MISMATCH, "no epoch is prepared"));
  }

  private PreparedKey<P> current() throws ProtocolAbortException {
    return active.orElseThrow(() -> abort(Reason.MISMATCH, "no epoch is active"));
  }

  private static ProtocolAbortException abort(Reason reason, String what) {
    return new ProtocolAbortException(reason, Optional.empty(), what);
  }

  /// Holds secrets in the clear: whoever stores it seals it first, and wipes these bytes.
  public byte[] encode() {
    WireWriter out = new WireWriter(WireForm.KEY_LEDGER).party(self);
    write(out, active);
    write(out, prepared);
    write(out, retiring);
    out.u16(refused.size());
    refused.forEach((session, epoch) -> out.fixed(session.bytes()).u64(epoch));
    return out.finish();
  }

  private static <P extends Point<P>> void write(WireWriter out, Optional<PreparedKey<P>> key) {
    out.u8(key.isPresent() ? 1 : 0);
    key.ifPresent(
        present -> {
          byte[] encoded = present.encode();
          out.sized(encoded);
          Arrays.fill(encoded, (byte) 0);
        });
  }

  /// @throws ProtocolAbortException with MALFORMED for what [#encode] does not write
  public static <P extends Point<P>> KeyLedger<P> decode(Group<P> group, byte[] bytes)
      throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.KEY_LEDGER, bytes, Optional.empty());
    Party self = in.party();
    Optional<PreparedKey<P>> active = read(group, self, in);
    Optional<PreparedKey<P>> prepared = read(group, self, in);
    Optional<PreparedKey<P>> retiring = read(group, self, in);
    int count = in.u16();
    Map<SessionId, Long> refused = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      SessionId session = SessionId.ofBytes(in.fixed(SessionId.BYTES));
      long epoch = in.u64();
      if (epoch < 0 || refused.putIfAbsent(session, epoch) != null) {
        throw in.malformed("a session that is refused twice, or epoch %d".formatted(epoch));
      }
    }
    in.end();
    if (prepared.isPresent() && count == MOST_REFUSED) {
      throw in.malformed("no place for what is prepared");
    }
    return new KeyLedger<>(group, self, active, prepared, retiring, refused);
  }

  private static <P extends Point<P>> Optional<PreparedKey<P>> read(
      Group<P> group, Party self, WireReader in) throws ProtocolAbortException {
    if (!in.flag()) {
      return Optional.empty();
    }
    byte[] encoded = in.sized(0xffff);
    PreparedKey<P> key = PreparedKey.decode(group, encoded);
    Arrays.fill(encoded, (byte) 0);
    if (!key.self().equals(self)) {
      throw in.malformed("a key of %s in the ledger of %s".formatted(key.self(), self));
    }
    return Optional.of(key);
  }

  @Override
  public String toString() {
    return "the ledger of %s: active %s, prepared %s"
        .formatted(self, active.map(PreparedKey::key), prepared.map(PreparedKey::key));
  }
}
