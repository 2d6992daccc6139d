package dev.countersign.fuzz;

import dev.countersign.core.action.CallUnpacker;
import dev.countersign.core.evm.CallDecoder;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Wei;
import java.util.Arrays;

/// Call data of contracts: unpacking is total, and the intent that is read off a call is that call,
/// or there is none. The first 20 bytes are the contract.
public final class CallFuzz {
  private static final Address SENDER = new Address("0x" + "11".repeat(20));

  private static final int ADDRESS = 20;

  private CallFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < ADDRESS) {
      return;
    }
    Address to = Address.of(Bytes.of(Arrays.copyOf(input, ADDRESS)));
    Bytes data = Bytes.of(Arrays.copyOfRange(input, ADDRESS, input.length));
    var call = new CallEncoder.Call(to, Wei.of(0), data);
    CallUnpacker.unpack(call, SENDER);
    try {
      Intent.OfTransaction intent = CallDecoder.decode(call);
      Fault.unless(CallEncoder.encode(intent).equals(call), "read as another call: " + call);
    } catch (InvalidValueException _) {
      // No call, as with a part of a selector.
    }
  }
}
