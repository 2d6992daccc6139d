package dev.countersign.core.action;

import dev.countersign.core.model.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every function whose calls are understood, by selector. A call of any other is a contract call
/// with nothing below it, which policy has to allow as such.
///
/// Named here so that nobody looks for them: Governor `propose` and `execute`, EntryPoint
/// `handleOps`, EIP-2771 `execute`, ProxyAdmin `changeAdmin`, `diamondCut`, and a Safe's own
/// settings (`enableModule`, `setGuard`, `addOwnerWithThreshold`) stay contract calls: what they
/// carry acts under another's authority or changes the rules of a contract, and only a rule that
/// names contract and selector should let them pass. Wrapped native assets (`deposit`, `withdraw`)
/// stay contract calls too.
final class KnownFunctions {
  /// Two functions of one selector would be a bug in us: the collector throws.
  private static final Map<Bytes, KnownFunction> BY_SELECTOR =
      Stream.of(
              TokenFunctions.ALL,
              NftFunctions.ALL,
              Permit2Functions.ALL,
              MulticallFunctions.ALL,
              SafeFunctions.ALL,
              AccountFunctions.ALL,
              TimelockFunctions.ALL,
              ProxyFunctions.ALL)
          .flatMap(List::stream)
          .collect(Collectors.toUnmodifiableMap(KnownFunction::selector, Function.identity()));

  private KnownFunctions() {}

  static Optional<KnownFunction> of(Bytes selector) {
    return Optional.ofNullable(BY_SELECTOR.get(selector));
  }

  /// The signatures of all, sorted.
  static List<String> signatures() {
    return BY_SELECTOR.values().stream()
        .map(known -> known.abi().getCanonicalSignature())
        .sorted()
        .toList();
  }
}
