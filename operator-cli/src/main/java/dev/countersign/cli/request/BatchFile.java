package dev.countersign.cli.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.countersign.api.v1.BatchItem;
import dev.countersign.api.v1.ContractCall;
import dev.countersign.api.v1.ContractCreation;
import dev.countersign.api.v1.Erc20Transfer;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SignMessageRequest;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SignTypedDataRequest;
import dev.countersign.cli.CommandException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.TypeConversionException;

/// A file of submissions: one JSON object on each line; empty lines, and those that begin with `#`,
/// are passed over.
final class BatchFile {
  private static final int MOST_PROBLEMS = 20;
  private static final Set<String> KINDS = Set.of("to", "create", "text", "typedData");
  private static final Map<String, Set<String>> MORE =
      Map.of(
          "to", Set.of("amount", "token", "data"),
          "create", Set.of("amount"),
          "text", Set.of(),
          "typedData", Set.of());

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private BatchFile() {}

  /// An item, and the line it stands on, counted from 1.
  record Line(int number, BatchItem item) {}

  private static final class WrongLineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongLineException(String message) {
      super(message, null, false, false);
    }
  }

  /// Reads all lines, or none.
  ///
  /// @param name of the file, for messages
  /// @throws CommandException that names each line that is wrong
  static List<Line> read(String name, List<String> text) {
    List<Line> lines = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < text.size(); i++) {
      String line = text.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int number = i + 1;
      try {
        ObjectNode object = object(line);
        String id = text(object, "requestId");
        Integer before = seen.putIfAbsent(id, number);
        if (before != null) {
          throw new WrongLineException("the requestId of line " + before + "; each needs its own");
        }
        lines.add(new Line(number, item(object, id)));
      } catch (WrongLineException e) {
        problems.add("%s, line %d: %s".formatted(name, number, e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw CommandException.usage(
          String.join("\n", problems.subList(0, Math.min(problems.size(), MOST_PROBLEMS)))
              + (problems.size() > MOST_PROBLEMS
                  ? "\nand %d more".formatted(problems.size() - MOST_PROBLEMS)
                  : ""));
    }
    if (lines.isEmpty()) {
      throw CommandException.usage(name + " has no lines; expected a JSON object on each");
    }
    return lines;
  }

  private static ObjectNode object(String line) {
    try {
      if (JSON.readTree(line) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new WrongLineException(
          "no JSON: %s, at character %d"
              .formatted(e.getOriginalMessage(), e.getLocation().getColumnNr()));
    }
    throw new WrongLineException("expected a JSON object");
  }

  private static BatchItem item(ObjectNode object, String id) {
    List<String> kinds = KINDS.stream().filter(object::has).sorted().toList();
    if (kinds.size() != 1) {
      throw new WrongLineException(
          "expected exactly one of %s, got %s"
              .formatted(
                  String.join(", ", new TreeSet<>(KINDS)),
                  kinds.isEmpty() ? "none" : String.join(" and ", kinds)));
    }
    String kind = kinds.getFirst();
    Set<String> known = new TreeSet<>(MORE.getOrDefault(kind, Set.of()));
    known.addAll(Set.of("requestId", "wallet", "chain", kind));
    object
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw new WrongLineException(
                    "unknown key \"%s\"; with %s there are %s"
                        .formatted(key, kind, String.join(", ", known)));
              }
            });
    String wallet = text(object, "wallet");
    String chain = text(object, "chain");
    BatchItem.Builder item = BatchItem.newBuilder();
    switch (kind) {
      case "text" ->
          item.setMessage(
              SignMessageRequest.newBuilder()
                  .setRequestId(id)
                  .setWallet(wallet)
                  .setChain(chain)
                  .setMessage(ByteString.copyFromUtf8(text(object, "text"))));
      case "typedData" ->
          item.setTypedData(
              SignTypedDataRequest.newBuilder()
                  .setRequestId(id)
                  .setWallet(wallet)
                  .setChain(chain)
                  .setTypedData(typedData(object)));
      default ->
          item.setTransaction(
              transaction(
                  object,
                  SignTransactionRequest.newBuilder()
                      .setRequestId(id)
                      .setWallet(wallet)
                      .setChain(chain)));
    }
    return item.build();
  }

  private static SignTransactionRequest transaction(
      ObjectNode object, SignTransactionRequest.Builder request) {
    String amount = object.has("amount") ? amount(text(object, "amount")) : "0";
    if (object.has("create")) {
      return request
          .setContractCreation(
              ContractCreation.newBuilder().setValue(amount).setInitCode(hex(object, "create")))
          .build();
    }
    String to = text(object, "to");
    if (object.has("token") && object.has("data")) {
      throw new WrongLineException("token and data exclude each other: one transfers, one calls");
    }
    if (object.has("token")) {
      request.setErc20Transfer(
          Erc20Transfer.newBuilder().setToken(text(object, "token")).setTo(to).setAmount(amount));
    } else if (object.has("data")) {
      request.setContractCall(
          ContractCall.newBuilder().setTo(to).setValue(amount).setData(hex(object, "data")));
    } else {
      request.setNativeTransfer(NativeTransfer.newBuilder().setTo(to).setAmount(amount));
    }
    return request.build();
  }

  /// As it stands there, but for its spaces.
  private static String typedData(ObjectNode object) {
    JsonNode value = object.get("typedData");
    if (!value.isObject()) {
      throw new WrongLineException("typedData: expected a JSON object (EIP-712)");
    }
    return value.toString();
  }

  private static String amount(String text) {
    try {
      return Amount.parse(text).value().toString();
    } catch (TypeConversionException e) {
      throw new WrongLineException("amount: " + e.getMessage());
    }
  }

  private static String text(ObjectNode object, String key) {
    JsonNode value = object.get(key);
    if (value == null || !value.isTextual() || value.textValue().isEmpty()) {
      throw new WrongLineException(
          "%s: expected text in quotes, got %s".formatted(key, value == null ? "nothing" : value));
    }
    return value.textValue();
  }

  private static ByteString hex(ObjectNode object, String key) {
    String text = text(object, key);
    try {
      if (text.startsWith("0x")) {
        return ByteString.copyFrom(
            HexFormat.of().parseHex(text.substring(2).toLowerCase(Locale.ROOT)));
      }
    } catch (IllegalArgumentException _) {
      // As below.
    }
    throw new WrongLineException(key + ": expected 0x and an even number of hex digits");
  }
}
