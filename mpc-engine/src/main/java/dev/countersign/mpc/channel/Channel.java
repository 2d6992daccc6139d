package dev.countersign.mpc.channel;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.channel.Received.Cause;
import dev.countersign.mpc.channel.Received.Ignored;
import dev.countersign.mpc.channel.Received.Message;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// Messages of one session between this party and one other, by AES-256-GCM with a key for each
/// direction. Its session id has the key and the epoch in it, so that a message is worth nothing
/// elsewhere. Messages may come in any order, each counts once.
public final class Channel {
  /// In each direction; a session has a handful of rounds.
  public static final int MOST_MESSAGES = 4096;

  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int IV_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final PairId pair;
  private final SecretKey sending;
  private final SecretKey receiving;
  private final BitSet received = new BitSet(MOST_MESSAGES);
  private int sent;

  /// @param pair from this party to the other
  Channel(PairId pair, SecretKey sending, SecretKey receiving) {
    this.pair = pair;
    this.sending = sending;
    this.receiving = receiving;
  }

  public Party peer() {
    return pair.to();
  }

  /// @throws IllegalStateException after [#MOST_MESSAGES]: a number is never used twice
  public synchronized byte[] seal(byte[] payload) {
    if (sent == MOST_MESSAGES) {
      throw new IllegalStateException("a channel takes %d messages".formatted(MOST_MESSAGES));
    }
    int sequence = sent++;
    byte[] header = header(pair, sequence);
    try {
      byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, sending, sequence, header).doFinal(payload);
      return ByteBuffer.allocate(header.length + ciphertext.length)
          .put(header)
          .put(ciphertext)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The bytes before the ciphertext, which are authenticated with it.
  private static byte[] header(PairId pair, long sequence) {
    return new WireWriter(WireForm.ENVELOPE)
        .fixed(pair.session().bytes())
        .party(pair.from())
        .party(pair.to())
        .u64(sequence)
        .finish();
  }

  private static Cipher cipher(int mode, SecretKey key, long sequence, byte[] header)
      throws GeneralSecurityException {
    byte[] iv = ByteBuffer.allocate(IV_BYTES).putLong(IV_BYTES - Long.BYTES, sequence).array();
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
    cipher.updateAAD(header);
    return cipher;
  }

  /// Nothing changes, in here or in the session, unless the peer has sent this and it is new.
  public synchronized Received open(byte[] envelope) {
    byte[] header;
    long sequence;
    try {
      WireReader in = new WireReader(WireForm.ENVELOPE, envelope, Optional.of(peer()));
      SessionId session = SessionId.ofBytes(in.fixed(SessionId.BYTES));
      Party from = in.party();
      Party to = in.party();
      sequence = in.u64();
      if (!session.equals(pair.session()) || !from.equals(pair.to()) || !to.equals(pair.from())) {
        return new Ignored(Cause.ELSEWHERE);
      }
      header = header(pair.reversed(), sequence);
    } catch (ProtocolAbortException e) {
      return new Ignored(Cause.UNREADABLE);
    }
    if (sequence < 0 || sequence >= MOST_MESSAGES) {
      return new Ignored(Cause.UNREADABLE);
    }
    return decrypt(header, (int) sequence, envelope);
  }

  private Received decrypt(byte[] header, int sequence, byte[] envelope) {
    byte[] ciphertext = Arrays.copyOfRange(envelope, header.length, envelope.length);
    byte[] payload;
    try {
      payload = cipher(Cipher.DECRYPT_MODE, receiving, sequence, header).doFinal(ciphertext);
    } catch (AEADBadTagException e) {
      return new Ignored(Cause.UNAUTHENTICATED);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    if (received.get(sequence)) {
      Arrays.fill(payload, (byte) 0);
      return new Ignored(Cause.REPLAYED);
    }
    received.set(sequence);
    return new Message(sequence, payload);
  }
}
