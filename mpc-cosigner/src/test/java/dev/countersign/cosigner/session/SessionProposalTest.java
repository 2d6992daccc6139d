package dev.countersign.cosigner.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.KeyId;
import dev.countersign.cosigner.judge.SigningOrder;
import dev.countersign.cosigner.wire.MalformedBytesException;
import dev.countersign.mpc.Party;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SessionProposalTest {
  private static final KeyId KEY = new KeyId("treasury");
  private static final Bytes TAG = Bytes.of(new byte[32]);
  private static final SigningOrder ORDER =
      new SigningOrder(KEY, List.of(44, 60), Bytes.fromHex("0x0102"), Bytes.fromHex("0x03"));

  static List<Work> works() {
    return List.of(
        new Work.Generate(2),
        new Work.Refresh(),
        new Work.Settle(),
        new Work.Sign(ORDER),
        new Work.Presign(List.of(0, Integer.MAX_VALUE)),
        new Work.SignPresigned(TAG, ORDER));
  }

  private static SessionProposal proposal(Work work) {
    return new SessionProposal(TAG, KEY, Party.first(3), work);
  }

  @ParameterizedTest
  @MethodSource("works")
  void readsWhatItWrites(Work work) throws Exception {
    assertThat(SessionProposal.decode(proposal(work).encode())).isEqualTo(proposal(work));
  }

  @ParameterizedTest
  @MethodSource("works")
  void everyOtherLengthIsRefused(Work work) {
    byte[] encoded = proposal(work).encode();
    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> SessionProposal.decode(cut))
          .isInstanceOf(MalformedBytesException.class);
    }
    byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
    assertThatThrownBy(() -> SessionProposal.decode(longer))
        .isInstanceOf(MalformedBytesException.class);
  }

  @ParameterizedTest
  @MethodSource("works")
  void anyOtherByteIsAnotherProposalOrNone(Work work) {
    byte[] encoded = proposal(work).encode();
    for (int i = 0; i < encoded.length; i++) {
      byte[] other = encoded.clone();
      other[i] ^= (byte) 0x81;
      try {
        SessionProposal read = SessionProposal.decode(other);
        assertThat(read).isNotEqualTo(proposal(work));
        assertThat(read.encode()).isEqualTo(other);
      } catch (MalformedBytesException e) {
        assertThat(e).hasMessageStartingWith("cosigner s");
      }
    }
  }

  @Test
  void theBytesAreThese() {
    assertThat(HexFormat.of().formatHex(ORDER.encode()))
        .isEqualTo(
            "00000016"
                + "636f7369676e6572207369676e696e67206f72646572"
                + "01"
                + "00000008"
                + "7472656173757279"
                + "02"
                + "0000002c"
                + "0000003c"
                + "00000002"
                + "0102"
                + "00000001"
                + "03");
    assertThat(HexFormat.of().formatHex(proposal(new Work.Generate(2)).encode()))
        .isEqualTo(
            "00000010"
                + "636f7369676e65722073657373696f6e"
                + "01"
                + "00".repeat(32)
                + "00000008"
                + "7472656173757279"
                + "03010203"
                + "0102");
  }

  @Test
  void whatMakesNoSenseIsNoProposal() {
    List<Runnable> bad =
        List.of(
            () -> proposal(new Work.Generate(1)),
            () -> proposal(new Work.Generate(4)),
            () -> proposal(new Work.Presign(List.of(-1))),
            () ->
                new SessionProposal(TAG, new KeyId("other"), Party.first(2), new Work.Sign(ORDER)),
            () -> new SessionProposal(TAG, KEY, Party.first(1), new Work.Refresh()),
            () ->
                new SessionProposal(
                    TAG, KEY, List.of(new Party(2), new Party(1)), new Work.Refresh()),
            () ->
                new SessionProposal(
                    TAG, KEY, List.of(new Party(1), new Party(1)), new Work.Refresh()),
            () -> new SessionProposal(Bytes.EMPTY, KEY, Party.first(2), new Work.Refresh()),
            () -> new SigningOrder(KEY, List.of(), Bytes.EMPTY, Bytes.EMPTY));
    for (Runnable one : bad) {
      assertThatThrownBy(one::run).isInstanceOf(InvalidValueException.class);
    }
  }
}
