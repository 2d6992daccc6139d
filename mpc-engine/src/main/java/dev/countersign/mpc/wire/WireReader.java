package dev.countersign.mpc.wire;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.MalformedElementException;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads what [WireWriter] writes, and nothing else: every value has one form. Whatever the bytes
/// are, all it throws is [ProtocolAbortException] with MALFORMED, which names the sender.
public final class WireReader {
  private final byte[] bytes;
  private final Optional<Party> sender;
  private int at;

  /// @param sender who is named when the bytes cannot be read; empty for what was stored
  public WireReader(WireForm form, byte[] bytes, Optional<Party> sender)
      throws ProtocolAbortException {
    this.bytes = bytes;
    this.sender = sender;
    int code = u8();
    int version = u8();
    if (code != form.code() || version != form.version()) {
      throw malformed(
          "form %d version %d, expected %s (%d) version %d"
              .formatted(code, version, form, form.code(), form.version()));
    }
  }

  /// What is thrown for values that are readable and yet no honest party writes.
  public ProtocolAbortException malformed(String what) {
    return new ProtocolAbortException(Reason.MALFORMED, sender, what);
  }

  public int u8() throws ProtocolAbortException {
    need(1);
    return bytes[at++] & 0xff;
  }

  public int u16() throws ProtocolAbortException {
    return u8() << 8 | u8();
  }

  public long u64() throws ProtocolAbortException {
    long number = 0;
    for (int i = 0; i < 8; i++) {
      number = number << 8 | u8();
    }
    return number;
  }

  /// @return a copy, the caller's own
  public byte[] fixed(int length) throws ProtocolAbortException {
    need(length);
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  /// @param most how long it may be
  public byte[] sized(int most) throws ProtocolAbortException {
    int length = u16();
    if (length > most) {
      throw malformed("a field of %d bytes, at most %d may be".formatted(length, most));
    }
    return fixed(length);
  }

  /// A byte that is 0 or 1.
  public boolean flag() throws ProtocolAbortException {
    int value = u8();
    if (value > 1) {
      throw malformed("a flag is 0 or 1, got " + value);
    }
    return value == 1;
  }

  public Party party() throws ProtocolAbortException {
    int number = u8();
    if (number < 1 || number > Party.MOST) {
      throw malformed("expected a party from 1 to %d, got %d".formatted(Party.MOST, number));
    }
    return new Party(number);
  }

  /// Each once and in the order of their numbers.
  public List<Party> parties() throws ProtocolAbortException {
    int count = u8();
    List<Party> parties = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Party party = party();
      if (i > 0 && parties.getLast().compareTo(party) >= 0) {
        throw malformed("%s after %s".formatted(party, parties.getLast()));
      }
      parties.add(party);
    }
    return List.copyOf(parties);
  }

  /// Never the identity.
  public <P extends Point<P>> P point(Group<P> group) throws ProtocolAbortException {
    try {
      return group.decode(fixed(group.pointBytes()));
    } catch (MalformedElementException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  public Scalar scalar(ScalarField field) throws ProtocolAbortException {
    byte[] encoded = fixed(ScalarField.BYTES);
    try {
      return field.decode(encoded);
    } catch (MalformedElementException e) {
      throw malformed(String.valueOf(e.getMessage()));
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  /// Nothing comes after what was read.
  public void end() throws ProtocolAbortException {
    if (at != bytes.length) {
      throw malformed("%d bytes too many".formatted(bytes.length - at));
    }
  }

  private void need(int count) throws ProtocolAbortException {
    if (count > bytes.length - at) {
      throw malformed("ends after %d bytes".formatted(bytes.length));
    }
  }
}
