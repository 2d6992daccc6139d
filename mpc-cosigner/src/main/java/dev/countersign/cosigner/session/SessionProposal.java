package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.KeyId;
import dev.countersign.cosigner.judge.SigningOrder;
import dev.countersign.cosigner.wire.FieldReader;
import dev.countersign.cosigner.wire.FieldWriter;
import dev.countersign.cosigner.wire.MalformedBytesException;
import dev.countersign.mpc.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// What a coordinator asks a number of cosigners to do together. All of it goes into the name of
/// the session, so that cosigners who were told different things have no session together.
///
/// @param tag 32 bytes by which coordinator and cosigners speak of it
/// @param key which
/// @param parties who takes part, ascending
/// @param work what for
public record SessionProposal(Bytes tag, KeyId key, List<Party> parties, Work work) {
  public static final int TAG_BYTES = 32;
  private static final String FORM = "cosigner session";
  private static final int VERSION = 1;
  private static final int LONGEST_KEY = 63;
  private static final int LONGEST_ORDER =
      SigningOrder.LONGEST_REQUEST + SigningOrder.LONGEST_EVIDENCE + 1024;

  public SessionProposal {
    parties = List.copyOf(parties);
    if (tag.size() != TAG_BYTES) {
      throw InvalidValueException.of("session tag", tag.hex(), "32 bytes");
    }
    if (parties.size() < 2 || !parties.equals(List.copyOf(new TreeSet<>(parties)))) {
      throw InvalidValueException.of(
          "parties", parties.toString(), "two or more in ascending order");
    }
    boolean isOf =
        switch (work) {
          case Work.Generate(int threshold) -> threshold >= 2 && threshold <= parties.size();
          case Work.Refresh ignored -> true;
          case Work.Settle ignored -> true;
          case Work.Presign(List<Integer> path) ->
              path.size() <= SigningOrder.LONGEST_PATH && path.stream().allMatch(i -> i >= 0);
          case Work.Sign(SigningOrder order) -> order.key().equals(key);
          case Work.SignPresigned(Bytes presignature, SigningOrder order) ->
              order.key().equals(key) && presignature.size() == TAG_BYTES;
        };
    if (!isOf) {
      throw InvalidValueException.of("work", work.getClass().getSimpleName(), "one of this key");
    }
  }

  public byte[] encode() {
    FieldWriter out =
        new FieldWriter(FORM, VERSION).fixed(tag.toArray()).text(key.value()).u8(parties.size());
    parties.forEach(party -> out.u8(party.number()));
    switch (work) {
      case Work.Generate(int threshold) -> out.u8(1).u8(threshold);
      case Work.Refresh ignored -> out.u8(2);
      case Work.Settle ignored -> out.u8(3);
      case Work.Sign(SigningOrder order) -> out.u8(4).bytes(order.encode());
      case Work.Presign(List<Integer> path) -> {
        out.u8(5).u8(path.size());
        path.forEach(out::u32);
      }
      case Work.SignPresigned(Bytes presignature, SigningOrder order) ->
          out.u8(6).fixed(presignature.toArray()).bytes(order.encode());
    }
    return out.finish();
  }

  /// @throws MalformedBytesException for what [#encode] does not write
  public static SessionProposal decode(byte[] bytes) throws MalformedBytesException {
    FieldReader in = new FieldReader(FORM, VERSION, bytes);
    Bytes tag = Bytes.of(in.fixed(TAG_BYTES));
    String key = in.text(LONGEST_KEY);
    int count = in.u8();
    try {
      List<Party> parties = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        parties.add(new Party(in.u8()));
      }
      Work work = work(in);
      in.end();
      return new SessionProposal(tag, new KeyId(key), parties, work);
    } catch (IllegalArgumentException e) {
      throw in.malformed(String.valueOf(e.getMessage()));
    }
  }

  private static Work work(FieldReader in) throws MalformedBytesException {
    int kind = in.u8();
    return switch (kind) {
      case 1 -> new Work.Generate(in.u8());
      case 2 -> new Work.Refresh();
      case 3 -> new Work.Settle();
      case 4 -> new Work.Sign(SigningOrder.decode(in.bytes(LONGEST_ORDER)));
      case 5 -> {
        int length = in.u8();
        List<Integer> path = new ArrayList<>();
        for (int i = 0; i < length; i++) {
          path.add(in.u32());
        }
        yield new Work.Presign(path);
      }
      case 6 ->
          new Work.SignPresigned(
              Bytes.of(in.fixed(TAG_BYTES)), SigningOrder.decode(in.bytes(LONGEST_ORDER)));
      default -> throw in.malformed("work of kind " + kind);
    };
  }
}
