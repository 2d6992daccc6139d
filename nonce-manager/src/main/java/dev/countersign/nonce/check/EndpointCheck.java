package dev.countersign.nonce.check;

import dev.countersign.core.model.Digest32;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.chain.FeeStrategies;
import dev.countersign.nonce.chain.FinalityTag;
import dev.countersign.nonce.check.Finding.Outcome;
import dev.countersign.nonce.fee.FeeHistory;
import dev.countersign.nonce.node.EndpointHealth;
import dev.countersign.nonce.node.Hashes;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.Quantities;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// One endpoint against the definition.
final class EndpointCheck {
  private static final Duration GRACE = Duration.ofMinutes(1);
  private static final int BLOCKS_OF_GRACE = 10;
  private final ChainDefinition chain;
  private final String endpoint;
  private final NodePool node;
  private final int batchSize;
  private final RpcCall history;
  private final InstantSource clock;
  private final List<Finding> findings = new ArrayList<>();
  private OptionalLong head = OptionalLong.empty();

  /// @param node a pool of this endpoint alone
  EndpointCheck(
      ChainDefinition chain, String endpoint, NodePool node, int batchSize, InstantSource clock) {
    this.chain = chain;
    this.endpoint = endpoint;
    this.node = node;
    this.batchSize = batchSize;
    this.clock = clock;
    FeeStrategies fees = chain.facts().fees();
    this.history = RpcCall.feeHistory(fees.blocks(), fees.percentiles());
  }

  String endpoint() {
    return endpoint;
  }

  /// Its newest block, once it was run and has one.
  OptionalLong head() {
    return head;
  }

  Optional<Digest32> hashAt(long height) {
    try {
      JsonNode block = node.results(List.of(RpcCall.blockAt(height))).getFirst();
      return block.isObject()
          ? Optional.of(Hashes.read("block hash", block.path("hash")))
          : Optional.empty();
    } catch (NodeUnavailableException _) {
      return Optional.empty();
    }
  }

  List<Finding> run() {
    try {
      node.results(List.of(RpcCall.chainId()));
    } catch (NodeUnavailableException e) {
      add(
          "chain id",
          health().state() == EndpointHealth.State.WRONG_CHAIN ? Outcome.WRONG : Outcome.NO_ANSWER,
          String.valueOf(e.getMessage()));
      return findings;
    }
    add("chain id", Outcome.FINE, chain.id().caip2());
    attempt("head", this::newest);
    attempt("fee model", this::feeModel);
    for (FinalityTag tag : FinalityTag.values()) {
      attempt(tag.text(), () -> tag(tag));
    }
    attempt("batch", this::batch);
    return findings;
  }

  private void attempt(String check, Runnable look) {
    try {
      look.run();
    } catch (NodeUnavailableException e) {
      add(check, Outcome.NO_ANSWER, String.valueOf(e.getMessage()));
    }
  }

  private void newest() {
    JsonNode block = node.results(List.of(RpcCall.latestBlock())).getFirst();
    long number = Quantities.readLong("block number", block.path("number"));
    head = OptionalLong.of(number);
    Instant made =
        Instant.ofEpochSecond(Quantities.readLong("block time", block.path("timestamp")));
    Duration age = Duration.between(made, clock.instant());
    Duration allowed = chain.facts().blockTime().multipliedBy(BLOCKS_OF_GRACE).plus(GRACE);
    String is = "block %d, %d s old".formatted(number, age.toSeconds());
    if (age.compareTo(allowed) <= 0) {
      add("head", Outcome.FINE, is);
    } else {
      add(
          "head",
          chain.feeModel() == FeeModel.ARBITRUM ? Outcome.NOTED : Outcome.WRONG,
          "%s, expected at most %d s: is it synchronised?".formatted(is, allowed.toSeconds()));
    }
  }

  private void feeModel() {
    List<RpcAnswer> answers = node.call(List.of(RpcCall.latestBlock(), history));
    JsonNode inBlock =
        RpcAnswer.resultOf(RpcCall.latestBlock(), answers.getFirst()).path("baseFeePerGas");
    boolean inHistory =
        answers.getLast() instanceof RpcAnswer.Result told
            && !told.value().path("baseFeePerGas").isEmpty();
    String model = chain.feeModel().text();
    if (!chain.feeModel().hasBaseFee()) {
      boolean hasNone = !inBlock.isString();
      add(
          "fee model",
          hasNone ? Outcome.FINE : Outcome.WRONG,
          hasNone
              ? model + ", no base fee"
              : model + ", but blocks have a base fee: expected eip1559, op-stack or arbitrum");
      return;
    }
    if (!inBlock.isString()) {
      add("fee model", Outcome.WRONG, model + ", but blocks have no base fee: expected legacy");
    } else if (!inHistory) {
      add("fee model", Outcome.WRONG, model + ", but eth_feeHistory tells no base fees");
    } else {
      BigInteger fee = Quantities.read("base fee", inBlock);
      add("fee model", Outcome.FINE, "%s, base fee %s wei".formatted(model, fee));
      feeHistory(RpcAnswer.resultOf(history, answers.getLast()));
    }
  }

  /// Without tips in it strategies differ in their headroom alone.
  private void feeHistory(JsonNode told) {
    FeeStrategies fees = chain.facts().fees();
    FeeHistory read = FeeHistory.read(told, fees.percentiles().size(), fees.blocks());
    boolean tellsTips = !told.path("reward").isEmpty();
    add(
        "fee history",
        tellsTips || chain.feeModel() == FeeModel.ARBITRUM ? Outcome.FINE : Outcome.NOTED,
        tellsTips
            ? "%d blocks; tips at the percentiles %s: %s"
                .formatted(
                    told.path("reward").size(),
                    fees.percentiles(),
                    read.tips().isEmpty() ? "none was paid" : read.tips() + " wei")
            : "no tips: all strategies take the one that the node proposes");
  }

  private void tag(FinalityTag tag) {
    RpcAnswer answer = node.call(List.of(RpcCall.block(tag.text()))).getFirst();
    boolean isClaimed = chain.facts().finality().contains(tag);
    switch (answer) {
      case RpcAnswer.Result result when result.value().isObject() ->
          add(
              tag.text(),
              isClaimed ? Outcome.FINE : Outcome.NOTED,
              "block %s%s"
                  .formatted(
                      Quantities.read("block number", result.value().path("number")),
                      isClaimed ? "" : ", though the definition does not claim the tag"));
      case RpcAnswer.Result _ -> noTag(tag, isClaimed, "no such block");
      case RpcAnswer.Failure failure -> noTag(tag, isClaimed, failure.message());
    }
  }

  private void noTag(FinalityTag tag, boolean isClaimed, String answer) {
    if (isClaimed) {
      add(tag.text(), Outcome.WRONG, "the definition claims the tag, the node says: " + answer);
    }
  }

  private void batch() {
    node.results(Collections.nCopies(batchSize, RpcCall.chainId()));
    int taken = health().batchSize();
    if (taken < batchSize) {
      add(
          "batch",
          Outcome.NOTED,
          "takes %d calls at once, not %d: say batch: %d at the endpoint"
              .formatted(taken, batchSize, taken));
    } else {
      add("batch", Outcome.FINE, batchSize + " calls at once");
    }
  }

  private EndpointHealth health() {
    return node.health().getFirst();
  }

  private void add(String check, Outcome outcome, String detail) {
    findings.add(new Finding(endpoint, check, outcome, detail));
  }
}
