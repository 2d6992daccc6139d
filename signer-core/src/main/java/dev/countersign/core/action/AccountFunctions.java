package dev.countersign.core.action;

import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Accounts that are contracts: `execute` as most ERC-4337 accounts have it, and the modes of
/// ERC-7579 (ERC-7821 uses the same). What they carry is done by the account that is called.
final class AccountFunctions {
  private static final int MODE_CALL_TYPE = 0;
  private static final int MODE_EXEC_TYPE = 1;
  private static final int MODE_EXTENSIONS = 2;
  private static final int ADDRESS_SIZE = 20;
  private static final int WORD = 32;
  private static final Bytes NO_EXTENSIONS = Bytes.of(new byte[WORD - MODE_EXTENSIONS]);
  private static final Address ZERO = new Address("0x" + "0".repeat(40));
  private static final String BATCH = "((address,uint256,bytes)[])";
  private static final TupleType<Tuple> BATCH_TYPE = TupleType.parse(BATCH);

  static final List<KnownFunction> ALL =
      List.of(
          KnownFunction.of(
              "execute(address,uint256,bytes)",
              (call, in) ->
                  new Meaning.Carries(List.of(inner(call, in.address(0), in.wei(1), in.bytes(2))))),
          // The code of another runs as the called account's own, as DSProxy has it.
          KnownFunction.of(
              "execute(address,bytes)",
              (call, in) ->
                  new Meaning.Carries(
                      List.of(new Step.Delegates(call.to(), in.address(0), in.bytes(1))))),
          KnownFunction.of(
              "executeBatch(address[],uint256[],bytes[])", AccountFunctions::batchOfArrays),
          KnownFunction.of(
              "executeBatch(address[],bytes[])",
              (call, in) ->
                  batch("executeBatch", call, in.addresses(0), List.of(), in.bytesList(1))),
          KnownFunction.of(
              "executeBatch((address,uint256,bytes)[])", (call, in) -> structs(call, in)),
          KnownFunction.of("execute(bytes32,bytes)", AccountFunctions::byMode),
          KnownFunction.of("executeFromExecutor(bytes32,bytes)", AccountFunctions::byMode));

  private AccountFunctions() {}

  private static Meaning batchOfArrays(Call call, Arguments in) throws OpaqueException {
    return batch(
        "executeBatch",
        call,
        in.addresses(0),
        in.uints(1).stream().map(Wei::new).toList(),
        in.bytesList(2));
  }

  /// @param values one for each, or none at all for zero of each
  static Meaning batch(
      String function, Call call, List<Address> targets, List<Wei> values, List<Bytes> data)
      throws OpaqueException {
    Lengths.same(function, targets, data);
    if (!values.isEmpty()) {
      Lengths.same(function, targets, values);
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      Wei value = values.isEmpty() ? Wei.ZERO : values.get(i);
      steps.add(inner(call, targets.get(i), value, data.get(i)));
    }
    return new Meaning.Carries(steps);
  }

  private static Meaning structs(Call call, Arguments in) {
    return new Meaning.Carries(
        in.structs(0).stream()
            .map(each -> inner(call, each.address(0), each.wei(1), each.bytes(2)))
            .toList());
  }

  private static Step inner(Call call, Address to, Wei value, Bytes data) {
    return new Step.Calls(new Call(call.to(), to, value, data));
  }

  /// ERC-7579: the mode is a call type, what to do about a failure, and 30 bytes for extensions
  /// that can change what the rest means.
  private static Meaning byMode(Call call, Arguments in) throws OpaqueException {
    Bytes mode = in.bytes(0);
    boolean known =
        (mode.get(MODE_EXEC_TYPE) == 0 || mode.get(MODE_EXEC_TYPE) == 1)
            && mode.slice(MODE_EXTENSIONS, WORD).equals(NO_EXTENSIONS);
    if (!known) {
      throw new OpaqueException(
          "ERC-7579 mode: expected execution type 0 or 1 and no extension, got " + mode);
    }
    Bytes data = in.bytes(1);
    return switch (mode.get(MODE_CALL_TYPE) & 0xff) {
      case 0x00 -> single(call, data);
      case 0x01 -> batchOfMode(call, data);
      case 0xff -> delegated(call, data);
      default ->
          throw new OpaqueException(
              "ERC-7579 mode: expected call type 0x00, 0x01 or 0xff, got " + mode);
    };
  }

  private static Meaning single(Call call, Bytes packed) throws OpaqueException {
    atLeast(packed, ADDRESS_SIZE + WORD);
    byte[] value = packed.slice(ADDRESS_SIZE, ADDRESS_SIZE + WORD).toArray();
    return new Meaning.Carries(
        List.of(
            inner(
                call,
                target(packed),
                new Wei(new BigInteger(1, value)),
                packed.slice(ADDRESS_SIZE + WORD, packed.size()))));
  }

  private static Meaning batchOfMode(Call call, Bytes encoded) throws OpaqueException {
    Arguments in = StrictAbi.decode("ERC-7579 batch", BATCH_TYPE, encoded);
    for (Arguments each : in.structs(0)) {
      named(each.address(0));
    }
    return structs(call, in);
  }

  private static Meaning delegated(Call call, Bytes packed) throws OpaqueException {
    atLeast(packed, ADDRESS_SIZE);
    return new Meaning.Carries(
        List.of(
            new Step.Delegates(
                call.to(), target(packed), packed.slice(ADDRESS_SIZE, packed.size()))));
  }

  private static Address target(Bytes packed) throws OpaqueException {
    return named(Address.of(packed.slice(0, ADDRESS_SIZE)));
  }

  /// In ERC-7821 the zero address stands for the account itself, in ERC-7579 for nobody.
  private static Address named(Address target) throws OpaqueException {
    if (target.equals(ZERO)) {
      throw new OpaqueException("ERC-7579 execution: expected a target, got the zero address");
    }
    return target;
  }

  private static void atLeast(Bytes packed, int least) throws OpaqueException {
    if (packed.size() < least) {
      throw new OpaqueException(
          "ERC-7579 execution: expected %d bytes or more, got %d".formatted(least, packed.size()));
    }
  }
}
