package dev.countersign.nonce.fee;

import dev.countersign.core.evm.CallEncoder.Call;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.ReplacementPricer;
import dev.countersign.core.port.TransactionPricer.TokenBalance;
import dev.countersign.core.replacement.FeeQuote;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.FeeStrategies;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.Quantities;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Tells what replacements have to pay, by what the chain's node says at this moment.
public final class NodeReplacementPricer implements ReplacementPricer {
  private static final Pattern WORD = Pattern.compile("0x[0-9a-f]{64}");

  private final NodePools nodes;
  private final ChainDefinitions chains;

  public NodeReplacementPricer(NodePools nodes, ChainDefinitions chains) {
    this.nodes = nodes;
    this.chains = chains;
  }

  @Override
  public Answer ask(
      ChainId chain, Address account, Optional<Address> token, Optional<FeeStrategy> strategy) {
    try {
      NodePool node = nodes.of(chain);
      ChainDefinition definition = chains.definition(chain).orElseThrow();
      GasPrice price = GasPrice.ask(node, definition);
      // The count first: when a block comes between the two, what it holds is taken off twice.
      List<RpcCall> calls = new ArrayList<>();
      calls.add(RpcCall.minedCount(account));
      calls.add(RpcCall.balance(account));
      calls.add(
          RpcCall.estimateGas(
              account,
              new Call(account, new Wei(BigInteger.ZERO), Bytes.EMPTY),
              Envelope.FeeMarket.PLAIN));
      List<RpcAnswer> answers = node.call(calls);
      FeeStrategy by = strategy.orElse(price.standard());
      return new Answer.Quoted(
          quote(price, by, definition.facts().fees()),
          new Account(
              new Lane(chain, account),
              new Wei(Quantities.read("balance", RpcAnswer.resultOf(calls.get(1), answers.get(1)))),
              new Nonce(
                  Quantities.readLong(
                      "mined count", RpcAnswer.resultOf(calls.get(0), answers.get(0))))),
          selfTransfer(answers.get(2)),
          token.flatMap(contract -> balance(node, contract, account)));
    } catch (NodeUnavailableException e) {
      return new Answer.NodeUnavailable(String.valueOf(e.getMessage()));
    } catch (InvalidValueException e) {
      return new Answer.NodeUnavailable("the node tells what cannot be: " + e.getMessage());
    }
  }

  /// Nodes that do not tell the price of blobs make no difference: what is replaced by offers twice
  /// as much.
  private static FeeQuote quote(GasPrice price, FeeStrategy strategy, FeeStrategies strategies) {
    FeeQuote quote = price.quote(strategy);
    return price
        .blobPrice()
        .map(each -> quote.withBlobs(BlobTerms.offer(strategy, strategies, each), new Wei(each)))
        .orElse(quote);
  }

  /// An account without money has no estimate, and pays nothing anyway.
  private static GasLimit selfTransfer(RpcAnswer answer) {
    return answer instanceof RpcAnswer.Result result
        ? new GasLimit(
            Math.max(
                GasLimit.TRANSFER.units(), Quantities.readLong("gas estimate", result.value())))
        : GasLimit.TRANSFER;
  }

  /// The contract is one that a client has thought of: what becomes of the question says nothing
  /// about the nodes.
  private static Optional<TokenBalance> balance(NodePool node, Address token, Address account) {
    RpcAnswer answer;
    try {
      answer = node.passOn(List.of(RpcCall.tokenBalance(token, account))).getFirst();
    } catch (NodeUnavailableException _) {
      return Optional.empty();
    }
    return answer instanceof RpcAnswer.Result result
            && result.value().isString()
            && WORD.matcher(result.value().stringValue()).matches()
        ? Optional.of(
            new TokenBalance(token, new BigInteger(result.value().stringValue().substring(2), 16)))
        : Optional.empty();
  }
}
