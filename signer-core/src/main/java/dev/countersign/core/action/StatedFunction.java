package dev.countersign.core.action;

import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A function that somebody states the signature of, so that calls of it can be read although
/// nobody here knows what it does. Safe for concurrent use.
public final class StatedFunction {
  private final Function abi;
  private final Bytes selector;
  private final List<AbiType> parameters;

  private StatedFunction(Function abi) {
    this.abi = abi;
    this.selector = Bytes.of(abi.selector());
    this.parameters = AbiType.members(abi.getInputs());
  }

  /// @param signature canonical, such as `swap(address,uint256)`: no names, no spaces, no `uint`
  /// @throws InvalidValueException when it is another form
  public static StatedFunction parse(String signature) {
    try {
      Function function = Function.parse(signature);
      if (function.getCanonicalSignature().equals(signature)) {
        return new StatedFunction(function);
      }
    } catch (InvalidValueException e) {
      throw e;
    } catch (RuntimeException e) {
      // The parser throws unchecked exceptions of several kinds on what is no signature.
      throw wrong(signature);
    }
    throw wrong(signature);
  }

  private static InvalidValueException wrong(String signature) {
    return InvalidValueException.of(
        "function", signature, "a canonical signature such as swap(address,uint256)");
  }

  public Bytes selector() {
    return selector;
  }

  public List<AbiType> parameters() {
    return parameters;
  }

  /// The arguments of a call, in order; nothing when it is a call of another function, or when its
  /// arguments are not encoded in the one way there is.
  public Optional<List<AbiValue>> read(Bytes callData) {
    if (callData.size() < Call.SELECTOR_SIZE
        || !callData.slice(0, Call.SELECTOR_SIZE).equals(selector)) {
      return Optional.empty();
    }
    try {
      Tuple values =
          StrictAbi.decode(
                  abi.getCanonicalSignature(),
                  abi.getInputs(),
                  callData.slice(Call.SELECTOR_SIZE, callData.size()))
              .tuple();
      List<AbiValue> arguments = new ArrayList<>(values.size());
      for (int i = 0; i < values.size(); i++) {
        arguments.add(AbiValue.decoded(values.<Object>get(i)));
      }
      return Optional.of(arguments);
    } catch (OpaqueException e) {
      return Optional.empty();
    }
  }

  /// The canonical signature.
  @Override
  public String toString() {
    return abi.getCanonicalSignature();
  }
}
