package dev.countersign.core.action;

import com.esaulpaugh.headlong.abi.Function;
import dev.countersign.core.model.Bytes;

/// A function whose calls are understood.
record KnownFunction(Function abi, Reading reading) {

  /// From the arguments to what the call comes to.
  @FunctionalInterface
  interface Reading {
    Meaning read(Call call, Arguments arguments) throws OpaqueException;
  }

  /// @param signature such as `transfer(address,uint256)`
  static KnownFunction of(String signature, Reading reading) {
    return new KnownFunction(Function.parse(signature), reading);
  }

  Bytes selector() {
    return Bytes.of(abi.selector());
  }

  Meaning read(Call call) throws OpaqueException {
    Bytes arguments = call.data().slice(Call.SELECTOR_SIZE, call.data().size());
    return reading.read(
        call, StrictAbi.decode(abi.getCanonicalSignature(), abi.getInputs(), arguments));
  }
}
