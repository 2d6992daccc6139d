package dev.countersign.mpc.derivation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.mpc.group.Ed25519Group;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerivedKeyTest {
  private static final Secp256k1Group GROUP = Secp256k1Group.INSTANCE;
  private static final String DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  /// What BIP-32 writes of a public key, without its checksum: 78 bytes.
  private static byte[] extended(String base58) {
    BigInteger number = BigInteger.ZERO;
    for (int i = 0; i < base58.length(); i++) {
      char digit = base58.charAt(i);
      number =
          number.multiply(BigInteger.valueOf(58)).add(BigInteger.valueOf(DIGITS.indexOf(digit)));
    }
    byte[] bytes = number.toByteArray();
    assertThat(bytes).hasSize(82);
    return Arrays.copyOf(bytes, 78);
  }

  private static byte[] chainCode(byte[] extended) {
    return Arrays.copyOfRange(extended, 13, 45);
  }

  private static byte[] point(byte[] extended) {
    return Arrays.copyOfRange(extended, 45, 78);
  }

  /// Every step of BIP-32's test vectors 1 and 2 that is not hardened: m/0H to m/0H/1, m/0H/1/2H by
  /// two steps, m to m/0, m/0/2147483647H to its child 1, and that one's child 2147483646H to 2.
  @ParameterizedTest
  @CsvSource({
    "xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUHCdrfp1bgwQ9xv5ski8PX9rL2dZXvgGDnw,"
        + " 1, xpub6ASuArnXKPbfEwhqN6e3mwBcDTgzisQN1wXN9BJcM47sSikHjJf3UFHKkNAWbWMiGj7Wf5uMash7SyYq527Hqck2AxYysAA7xmALppuCkwQ",
    "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5,"
        + " 2, xpub6FHa3pjLCk84BayeJxFW2SP4XRrFd1JYnxeLeU8EqN3vDfZmbqBqaGJAyiLjTAwm6ZLRQUMv1ZACTj37sR62cfN7fe5JnJ7dh8zL4fiyLHV",
    "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5,"
        + " 2/1000000000,"
        + " xpub6H1LXWLaKsWFhvm6RVpEL9P4KfRZSW7abD2ttkWP3SSQvnyA8FSVqNTEcYFgJS2UaFcxupHiYkro49S8yGasTvXEYBVPamhGW6cFJodrTHy",
    "xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB,"
        + " 0, xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH",
    "xpub6ASAVgeehLbnwdqV6UKMHVzgqAG8Gr6riv3Fxxpj8ksbH9ebxaEyBLZ85ySDhKiLDBrQSARLq1uNRts8RuJiHjaDMBU4Zn9h8LZNnBC5y4a,"
        + " 1, xpub6DF8uhdarytz3FWdA8TvFSvvAh8dP3283MY7p2V4SeE2wyWmG5mg5EwVvmdMVCQcoNJxGoWaU9DCWh89LojfZ537wTfunKau47EL2dhHKon",
    "xpub6ERApfZwUNrhLCkDtcHTcxd75RbzS1ed54G1LkBUHQVHQKqhMkhgbmJbZRkrgZw4koxb5JaHWkY4ALHY2grBGRjaDMzQLcgJvLJuZZvRcEL,"
        + " 2, xpub6FnCn6nSzZAw5Tw7cgR9bi15UV96gLZhjDstkXXxvCLsUXBGXPdSnLFbdpq8p9HmGsApME5hQTZ3emM2rnY5agb9rXpVGyy3bdW6EEgAtqt"
  })
  void vectorsOfBip32(String parent, String path, String child) throws Exception {
    byte[] from = extended(parent);
    byte[] to = extended(child);
    List<Integer> steps = Arrays.stream(path.split("/", -1)).map(Integer::valueOf).toList();
    Secp256k1Point key = GROUP.decode(point(from));
    DerivedKey<Secp256k1Point> derived = DerivedKey.of(GROUP, key, chainCode(from), steps);
    assertThat(derived.point().encode()).isEqualTo(point(to));
    assertThat(derived.chainCode()).isEqualTo(chainCode(to));
    assertThat(key.plus(GROUP.generate(derived.offset()))).isEqualTo(derived.point());
  }

  @Test
  void anEmptyPathIsTheKeyItself() throws Exception {
    Secp256k1Point key = GROUP.generator();
    DerivedKey<Secp256k1Point> derived = DerivedKey.of(GROUP, key, new byte[32], List.of());
    assertThat(derived.point()).isEqualTo(key);
    assertThat(derived.offset()).isEqualTo(GROUP.scalars().zero());
  }

  @Test
  void hardenedChildrenAreRefused() {
    assertThatExceptionOfType(UnderivableKeyException.class)
        .isThrownBy(
            () ->
                DerivedKey.of(
                    GROUP, GROUP.generator(), new byte[32], List.of(0, Integer.MIN_VALUE)))
        .withMessageContaining("2147483648 is hardened");
  }

  @Test
  void ed25519IsRefusedInWords() {
    Ed25519Group group = Ed25519Group.INSTANCE;
    assertThatExceptionOfType(UnderivableKeyException.class)
        .isThrownBy(() -> DerivedKey.of(group, group.generator(), new byte[32], List.of(0)))
        .withMessageContaining("no standard for unhardened children of edwards25519");
  }

  /// The offsets of the steps add up.
  @Test
  void aPathIsItsStepsOneAfterTheOther() throws Exception {
    Scalar secret = GROUP.scalars().of(12345);
    Secp256k1Point key = GROUP.generate(secret);
    var whole = DerivedKey.of(GROUP, key, new byte[32], List.of(44, 0, 7));
    var first = DerivedKey.of(GROUP, key, new byte[32], List.of(44));
    var rest = DerivedKey.of(GROUP, first.point(), first.chainCode(), List.of(0, 7));
    assertThat(rest.point()).isEqualTo(whole.point());
    assertThat(GROUP.generate(secret.plus(whole.offset()))).isEqualTo(whole.point());
  }
}
