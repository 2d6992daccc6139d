package dev.countersign.mpc.keygen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.derivation.DerivedKey;
import dev.countersign.mpc.frost.FrostTaproot;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.key.EpochKey;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.key.KeyShare;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/// Children of a key that parties have made, before and after a refresh.
class DerivedSigningTest {
  private static final List<Integer> PATH = List.of(0, 5);

  private final SortedMap<Party, EpochShare<Secp256k1Point>> shares = generate();

  private static SortedMap<Party, EpochShare<Secp256k1Point>> generate() {
    try {
      return Ceremony.generate(Secp256k1Group.INSTANCE, 2, 3);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static EpochKey<Secp256k1Point> key(SortedMap<Party, EpochShare<Secp256k1Point>> shares) {
    return shares.firstEntry().getValue().key();
  }

  private static void signs(
      DerivedKey<Secp256k1Point> child, SortedMap<Party, EpochShare<Secp256k1Point>> shares)
      throws Exception {
    List<KeyShare<Secp256k1Point>> held = shares.values().stream().map(child::share).toList();
    for (List<KeyShare<Secp256k1Point>> signers : SharedKeys.subsets(held, 2)) {
      assertThat(signers.getFirst().key().point()).isEqualTo(child.point());
      assertThat(SharedKeys.sign(FrostTaproot.INSTANCE, signers)).hasSize(64);
    }
  }

  @Test
  void sharesSignForChildrenOfTheirKey() throws Exception {
    DerivedKey<Secp256k1Point> child = DerivedKey.of(key(shares), PATH);
    assertThat(child.point()).isNotEqualTo(key(shares).key().point());
    signs(child, shares);
  }

  @Test
  void aRefreshKeepsTheChildren() throws Exception {
    DerivedKey<Secp256k1Point> child = DerivedKey.of(key(shares), PATH);
    var plan =
        DealingPlan.refresh(
            key(shares), Ceremony.known(Party.first(3)), Ceremony.nonce(), BanLedger.EMPTY);
    var fresh = Ceremony.shares(Ceremony.run(plan, shares, Ceremony.HONEST));
    assertThat(DerivedKey.of(key(fresh), PATH).point()).isEqualTo(child.point());
    signs(child, fresh);
  }

  @Test
  void aShareOfAnotherKeyHasNoPartInAChild() throws Exception {
    DerivedKey<Secp256k1Point> child = DerivedKey.of(key(shares), PATH);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> child.share(generate().firstEntry().getValue()));
  }
}
