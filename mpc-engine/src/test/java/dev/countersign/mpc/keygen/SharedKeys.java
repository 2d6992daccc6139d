package dev.countersign.mpc.keygen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.frost.Ciphersuite;
import dev.countersign.mpc.frost.NonceCommitment;
import dev.countersign.mpc.frost.SigningNonces;
import dev.countersign.mpc.frost.SigningPackage;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.key.KeyShare;
import dev.countersign.mpc.share.Lagrange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// What must be true of the shares that come out of any run.
final class SharedKeys {
  private static final byte[] MESSAGE = {1, 2, 3, 4};

  private SharedKeys() {}

  /// Every list of `size` of them.
  static <T> List<List<T>> subsets(List<T> all, int size) {
    return IntStream.range(0, 1 << all.size())
        .filter(bits -> Integer.bitCount(bits) == size)
        .mapToObj(
            bits ->
                IntStream.range(0, all.size())
                    .filter(i -> (bits >> i & 1) == 1)
                    .mapToObj(all::get)
                    .toList())
        .toList();
  }

  static <P extends Point<P>> Scalar secret(
      Group<P> group, Collection<? extends EpochShare<P>> shares) {
    List<Party> parties = shares.stream().map(EpochShare::party).toList();
    Scalar sum = group.scalars().zero();
    for (EpochShare<P> share : shares) {
      sum =
          sum.plus(
              share
                  .share()
                  .secret()
                  .times(Lagrange.coefficient(group.scalars(), parties, share.party())));
    }
    return sum;
  }

  static <P extends Point<P>> byte[] sign(Ciphersuite<P> suite, Collection<KeyShare<P>> signers)
      throws ProtocolAbortException {
    SortedMap<Party, SigningNonces<P>> nonces = new TreeMap<>();
    List<NonceCommitment<P>> commitments = new ArrayList<>();
    for (KeyShare<P> share : signers) {
      SigningNonces<P> drawn = SigningNonces.draw(suite, share, Ceremony.RANDOM);
      nonces.put(share.party(), drawn);
      commitments.add(drawn.commitment());
    }
    SigningPackage<P> signing =
        SigningPackage.of(suite, signers.iterator().next().key(), commitments, MESSAGE);
    SortedMap<Party, Scalar> shares = new TreeMap<>();
    for (KeyShare<P> share : signers) {
      SigningNonces<P> drawn = nonces.get(share.party());
      if (drawn != null) {
        shares.put(share.party(), signing.sign(share, drawn));
      }
    }
    return signing.aggregate(shares);
  }

  /// All agree, every subset of the threshold's size makes the key and signs, and none that is
  /// smaller makes it.
  static <P extends Point<P>> void check(
      Ciphersuite<P> suite, SortedMap<Party, EpochShare<P>> shares, int threshold)
      throws ProtocolAbortException {
    Group<P> group = suite.group();
    EpochShare<P> one = shares.values().iterator().next();
    assertThat(one.key().key().threshold()).isEqualTo(threshold);
    assertThat(one.key().parties()).isEqualTo(shares.keySet());
    assertThat(one.key().isConsistent()).isTrue();
    assertThat(shares.values()).allMatch(share -> share.key().equals(one.key()));
    P point = one.key().key().point();
    List<EpochShare<P>> all = List.copyOf(shares.values());
    for (List<EpochShare<P>> signers : subsets(all, threshold)) {
      assertThat(group.generate(secret(group, signers))).isEqualTo(point);
      sign(suite, signers.stream().map(EpochShare::share).toList());
    }
    for (List<EpochShare<P>> few : subsets(all, threshold - 1)) {
      assertThat(group.generate(secret(group, few))).isNotEqualTo(point);
    }
  }
}
