package dev.countersign.core.action;

import dev.countersign.core.action.Deed.NftApproval;
import dev.countersign.core.action.Deed.RawDigest;
import dev.countersign.core.action.Deed.TokenApproval;
import dev.countersign.core.action.Deed.TokenTransfer;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Wei;
import dev.countersign.core.typeddata.TypedData;
import dev.countersign.core.typeddata.TypedDomain;
import dev.countersign.core.typeddata.TypedValue.Struct;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The structs whose signature is understood as what it enables, each by its `encodeType`. A struct
/// of one of these names with other fields is opaque: it would be shown as what it is not.
final class KnownMessages {
  private static final String DETAILS =
      "PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)";
  private static final String PERMISSIONS = "TokenPermissions(address token,uint256 amount)";
  private static final String AUTHORIZATION =
      "(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32"
          + " nonce)";

  /// From a message to what it enables.
  @FunctionalInterface
  private interface Reading {
    List<Step> read(Signed signed) throws OpaqueException;
  }

  /// @param contract that takes the signature
  private record Signed(Address signer, Address contract, Struct message) {
    Step does(Deed deed) {
      return new Step.Does(signer, deed);
    }
  }

  private static final Map<String, Reading> BY_TYPE =
      Map.ofEntries(
          // EIP-2612
          Map.entry(
              "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
              signed -> approval(signed, signed.message().whole(2))),
          Map.entry(
              "Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)",
              signed -> approval(signed, TokenFunctions.daiAmount(signed.message().flag(4)))),
          // ERC-4494
          Map.entry(
              "Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)",
              KnownMessages::nftPermit),
          // ERC-3009
          Map.entry("TransferWithAuthorization" + AUTHORIZATION, KnownMessages::transfer),
          Map.entry("ReceiveWithAuthorization" + AUTHORIZATION, KnownMessages::transfer),
          Map.entry("CancelAuthorization(address authorizer,bytes32 nonce)", signed -> List.of()),
          Map.entry(
              "PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)" + DETAILS,
              signed -> allowances(signed, List.of(signed.message().struct(0)))),
          Map.entry(
              "PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)" + DETAILS,
              signed -> allowances(signed, signed.message().structs(0))),
          Map.entry(
              "PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256"
                  + " deadline)"
                  + PERMISSIONS,
              signed -> oneTime(signed, List.of(signed.message().struct(0)))),
          Map.entry(
              "PermitBatchTransferFrom(TokenPermissions[] permitted,address spender,uint256"
                  + " nonce,uint256 deadline)"
                  + PERMISSIONS,
              signed -> oneTime(signed, signed.message().structs(0))),
          Map.entry(
              "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256"
                  + " baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256"
                  + " nonce)",
              KnownMessages::safeTransaction),
          Map.entry("SafeMessage(bytes message)", KnownMessages::safeMessage));

  /// These carry a struct of the application's own besides.
  private static final Map<String, Reading> BY_START =
      Map.of(
          "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256"
              + " nonce,uint256 deadline,",
          signed -> oneTime(signed, List.of(signed.message().struct(0))),
          "PermitBatchWitnessTransferFrom(TokenPermissions[] permitted,address spender,uint256"
              + " nonce,uint256 deadline,",
          signed -> oneTime(signed, signed.message().structs(0)));

  private static final int WITNESS = 4;

  private static final Set<String> OF_PERMIT2 =
      Set.of(
          "PermitSingle",
          "PermitBatch",
          "PermitTransferFrom",
          "PermitBatchTransferFrom",
          "PermitWitnessTransferFrom",
          "PermitBatchWitnessTransferFrom");

  private static final Set<String> NAMES =
      Stream.of(BY_TYPE, BY_START)
          .flatMap(table -> table.keySet().stream())
          .map(type -> type.substring(0, type.indexOf('(')))
          .collect(Collectors.toUnmodifiableSet());

  private KnownMessages() {}

  /// What a signature of `signer` over the data lets others do; nothing where it is not understood.
  static List<Step> enabledBy(TypedData data, Address signer) throws OpaqueException {
    String name = data.primaryType();
    if (!NAMES.contains(name)) {
      return List.of();
    }
    Reading reading = BY_TYPE.get(data.encodedType());
    if (reading == null) {
      reading = withWitness(data);
    }
    if (reading == null) {
      throw new OpaqueException(
          "%s: expected the fields that are known for this type, got %s"
              .formatted(name, data.encodedType()));
    }
    return reading.read(new Signed(signer, contract(name, data.domain()), data.message()));
  }

  private static @Nullable Reading withWitness(TypedData data) {
    String type = data.encodedType();
    boolean witnessed =
        data.message().values().size() == WITNESS + 1
            && data.message().values().get(WITNESS) instanceof Struct
            && type.contains(")" + PERMISSIONS);
    return witnessed
        ? BY_START.entrySet().stream()
            .filter(entry -> type.startsWith(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(null)
        : null;
  }

  private static Address contract(String name, TypedDomain domain) throws OpaqueException {
    if (domain.chainId().isEmpty()) {
      throw new OpaqueException(
          name + ": expected a chainId in the domain; without one it is good on every chain");
    }
    Address contract =
        domain
            .verifyingContract()
            .orElseThrow(
                () -> new OpaqueException(name + ": expected a verifyingContract in the domain"));
    if (OF_PERMIT2.contains(name) && !contract.equals(Permit2Functions.PERMIT2)) {
      throw new OpaqueException(
          "%s: expected Permit2 (%s) as verifyingContract, got %s"
              .formatted(name, Permit2Functions.PERMIT2, contract));
    }
    return contract;
  }

  private static List<Step> approval(Signed signed, BigInteger amount) {
    Struct message = signed.message();
    return List.of(
        signed.does(
            new TokenApproval(
                signed.contract(), message.address(0), message.address(1), amount, false)));
  }

  private static List<Step> nftPermit(Signed signed) {
    return List.of(
        signed.does(
            new NftApproval(
                signed.contract(),
                signed.signer(),
                signed.message().address(0),
                Optional.of(signed.message().whole(1)),
                true)));
  }

  private static List<Step> transfer(Signed signed) {
    Struct message = signed.message();
    return List.of(
        signed.does(
            new TokenTransfer(
                signed.contract(), message.address(0), message.address(1), message.whole(2))));
  }

  private static List<Step> allowances(Signed signed, List<Struct> details) {
    return approvals(signed, details, false);
  }

  /// Each such signature is good once, beside every other: what it permits comes on top.
  private static List<Step> oneTime(Signed signed, List<Struct> permissions) {
    return approvals(signed, permissions, true);
  }

  /// @param each token and amount first
  private static List<Step> approvals(Signed signed, List<Struct> each, boolean added) {
    Address spender = signed.message().address(1);
    return each.stream()
        .map(
            one ->
                signed.does(
                    new TokenApproval(
                        one.address(0), signed.signer(), spender, one.whole(1), added)))
        .toList();
  }

  private static List<Step> safeTransaction(Signed signed) throws OpaqueException {
    Struct message = signed.message();
    SafeFunctions.noRefund(message.whole(6), message.address(7), message.address(8));
    return List.of(
        SafeFunctions.transaction(
            signed.contract(),
            message.address(0),
            new Wei(message.whole(1)),
            message.bytes(2),
            message.whole(3)));
  }

  /// A Safe answers for what its owners sign this way, and what they sign is mostly a hash: 32
  /// bytes that may be anything the Safe can permit.
  private static List<Step> safeMessage(Signed signed) {
    Bytes message = signed.message().bytes(0);
    return message.size() == Digest32.SIZE
        ? List.of(new Step.Does(signed.contract(), new RawDigest(new Digest32(message))))
        : List.of();
  }
}
