package dev.countersign.core.action;

import static org.assertj.core.api.Assertions.assertThat;

import com.esaulpaugh.headlong.abi.Function;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CallUnpackerPropertyTest {

  @Provide
  Arbitrary<CallTree> trees() {
    return trees(3);
  }

  @Provide
  Arbitrary<Bytes> selectors() {
    return Arbitraries.of(KnownFunctions.signatures())
        .map(signature -> Bytes.of(Function.parse(signature).selector()));
  }

  private static Arbitrary<CallTree> trees(int levels) {
    Arbitrary<Address> addresses = Arbitraries.longs().between(1, 9).map(Calls::address);
    Arbitrary<Long> values =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(0L)),
            Tuple.of(1, Arbitraries.longs().between(0, Long.MAX_VALUE)));
    Arbitrary<CallTree> leaf =
        Arbitraries.oneOf(
            Combinators.combine(addresses, values).as(CallTree.Pays::new),
            Combinators.combine(addresses, values, addresses, values.map(Calls::units))
                .as(CallTree.Sends::new),
            Combinators.combine(
                    addresses,
                    values,
                    Arbitraries.bytes().array(byte[].class).ofMaxSize(40).map(Bytes::of))
                .as(CallTree.Unknown::new));
    if (levels == 0) {
      return leaf;
    }
    Arbitrary<CallTree> carrier =
        Combinators.combine(
                Arbitraries.of(CallTree.Carrier.class),
                addresses,
                values,
                trees(levels - 1).list().ofMinSize(1).ofMaxSize(3))
            .as(CallTree.Carries::new);
    return Arbitraries.frequencyOf(Tuple.of(1, leaf), Tuple.of(2, carrier));
  }

  @Property(tries = 500)
  void givesBackEveryNestedTree(@ForAll("trees") CallTree tree) {
    List<Action> expected = new ArrayList<>();
    tree.list(List.of(), Calls.WALLET, expected);
    assertThat(Calls.unpack(tree.to(), tree.value(), tree.encode()))
        .isEqualTo(new Unpacking.Unpacked(expected));
  }

  @Property
  void isTotalOnArbitraryBytes(@ForAll @Size(max = 400) byte[] data) {
    holdsTogether(Calls.unpack(Calls.TOKEN, Bytes.of(data)));
  }

  @Property
  void isTotalBehindAKnownSelector(
      @ForAll("selectors") Bytes selector, @ForAll @Size(max = 400) byte[] arguments) {
    holdsTogether(Calls.unpack(Calls.TOKEN, Calls.concat(selector, Bytes.of(arguments))));
  }

  /// Words of small numbers look more like offsets and lengths than arbitrary bytes do.
  @Property
  void isTotalOnWordsThatMayBeOffsets(
      @ForAll("selectors") Bytes selector,
      @ForAll @Size(max = 40) List<@IntRange(max = 20) Integer> words) {
    Bytes arguments =
        Calls.concat(words.stream().map(each -> Calls.word(each * 32L)).toArray(Bytes[]::new));
    holdsTogether(Calls.unpack(Calls.TOKEN, Calls.concat(selector, arguments)));
  }

  /// What is read of changed bytes is never what was read of the right ones: an action says all
  /// that was in its call.
  @Property
  void neverReadsTwoCallsAsOne(
      @ForAll("trees") CallTree tree,
      @ForAll @IntRange(max = 100_000) int position,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    Bytes right = tree.encode();
    if (right.isEmpty()) {
      return;
    }
    int at = position % right.size();
    Bytes changed = Calls.with(right, at, right.get(at) ^ change);
    Unpacking other = Calls.unpack(tree.to(), tree.value(), changed);
    holdsTogether(other);
    assertThat(other).isNotEqualTo(Calls.unpack(tree.to(), tree.value(), right));
  }

  @Property
  void refusesBytesBehindTheArguments(
      @ForAll("trees") CallTree tree, @ForAll @Size(min = 1, max = 64) byte[] more) {
    Bytes longer = Calls.concat(tree.encode(), Bytes.of(more));
    boolean known =
        longer.size() >= 4
            && !tree.encode().isEmpty()
            && KnownFunctions.of(longer.slice(0, 4)).isPresent();
    if (known) {
      assertThat(Calls.unpack(tree.to(), tree.value(), longer))
          .isInstanceOf(Unpacking.Opaque.class);
    }
  }

  /// Of whatever is unpacked, the root comes first, each before those in it, and every place within
  /// an action that is listed.
  private static void holdsTogether(Unpacking unpacking) {
    if (unpacking instanceof Unpacking.Unpacked(List<Action> actions)) {
      assertThat(actions).isNotEmpty().hasSizeLessThanOrEqualTo(256);
      assertThat(actions.getFirst().isRoot()).isTrue();
      List<List<Integer>> seen = new ArrayList<>();
      for (Action action : actions) {
        Optional<List<Integer>> parent =
            Optional.of(action.path())
                .filter(path -> !path.isEmpty())
                .map(path -> path.subList(0, path.size() - 1));
        parent.ifPresent(path -> assertThat(seen).contains(path));
        assertThat(seen).doesNotContain(action.path());
        seen.add(action.path());
      }
    }
  }
}
