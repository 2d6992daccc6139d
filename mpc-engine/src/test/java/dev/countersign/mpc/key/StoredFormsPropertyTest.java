package dev.countersign.mpc.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.channel.ChannelOffer;
import dev.countersign.mpc.group.Ed25519Group;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.identity.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever the bytes are: either they are what is written of the value that is read, or the
/// protocol's own error says that they are malformed.
class StoredFormsPropertyTest {

  /// Reads and writes again.
  private interface Form {
    byte[] rewrite(byte[] bytes) throws ProtocolAbortException;
  }

  private static final List<Form> FORMS =
      List.of(
          bytes -> EpochKey.decode(Secp256k1Group.INSTANCE, bytes).encode(),
          bytes -> EpochKey.decode(Ed25519Group.INSTANCE, bytes).encode(),
          bytes -> EpochShare.decode(Secp256k1Group.INSTANCE, bytes).encode(),
          bytes -> Outcome.decode(bytes).encode(),
          bytes -> PreparedKey.decode(Secp256k1Group.INSTANCE, bytes).encode(),
          bytes -> KeyLedger.decode(Secp256k1Group.INSTANCE, bytes).encode(),
          bytes -> PeerIdentity.decode(bytes).encode(),
          bytes -> Statement.decode(bytes, Optional.empty()).encode(),
          bytes -> ChannelOffer.decode(bytes).encode(),
          bytes -> BanLedger.decode(bytes).encode());

  private static void areReadOrRefused(byte[] bytes) {
    for (Form form : FORMS) {
      try {
        assertThat(form.rewrite(bytes)).isEqualTo(bytes);
      } catch (ProtocolAbortException e) {
        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
      }
    }
  }

  @Provide
  Arbitrary<byte[]> withAForm() {
    Arbitrary<byte[]> rest = Arbitraries.bytes().array(byte[].class).ofMaxSize(400);
    return Combinators.combine(Arbitraries.integers().between(0, 15), rest)
        .as(
            (form, bytes) -> {
              byte[] all = new byte[bytes.length + 2];
              all[0] = form.byteValue();
              all[1] = 1;
              System.arraycopy(bytes, 0, all, 2, bytes.length);
              return all;
            });
  }

  /// A good form with a few bytes changed, and cut or drawn out.
  @Provide
  Arbitrary<byte[]> nearlyGood() {
    Arbitrary<byte[]> good =
        Arbitraries.of(
                StoredFormsTest.KEY,
                StoredFormsTest.SHARE,
                StoredFormsTest.PREPARED,
                StoredFormsTest.LEDGER)
            .map(HexFormat.of()::parseHex);
    Arbitrary<List<Integer>> places = Arbitraries.integers().between(0, 400).list().ofMaxSize(3);
    Arbitrary<Integer> longer = Arbitraries.of(0, 0, 0, 1, -1, -32, 7);
    return Combinators.combine(good, places, Arbitraries.bytes(), longer)
        .as(
            (bytes, changed, by, more) -> {
              byte[] result = Arrays.copyOf(bytes, bytes.length + more);
              for (int place : changed) {
                result[place % result.length] ^= by;
              }
              return result;
            });
  }

  @Property(tries = 500)
  void anyBytes(@ForAll byte[] bytes) {
    areReadOrRefused(bytes);
  }

  @Property(tries = 500)
  void anyBytesAfterAForm(@ForAll("withAForm") byte[] bytes) {
    areReadOrRefused(bytes);
  }

  @Property(tries = 500)
  void changedForms(@ForAll("nearlyGood") byte[] bytes) {
    areReadOrRefused(bytes);
  }
}
