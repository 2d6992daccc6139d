package dev.countersign.nonce.fee;

import dev.countersign.core.evm.CallDecoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.TransactionType;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.core.port.TransactionPricer.Question;
import dev.countersign.core.port.TransactionPricer.TokenBalance;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.Quantities;
import dev.countersign.nonce.node.RevertReason;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The questions about one chain, asked in one batch.
final class Simulation {
  private static final Pattern WORD = Pattern.compile("0x[0-9a-f]{64}");
  private static final String NO_CODE = "0x";

  private final NodePool node;
  private final ChainDefinition chain;
  private final PlainAccounts plainAccounts;
  private final GasPrice price;

  Simulation(NodePool node, ChainDefinition chain, PlainAccounts plainAccounts, GasPrice price) {
    this.node = node;
    this.chain = chain;
    this.plainAccounts = plainAccounts;
    this.price = price;
  }

  /// @throws NodeUnavailableException when no node answers
  Map<Question, Answer> run(List<Question> questions) {
    Map<RpcCall, RpcAnswer> answers = ask(questions);
    Map<Question, Answer> result = new HashMap<>();
    for (Question question : questions) {
      result.put(question, unsupported(question).orElseGet(() -> answer(question, answers)));
    }
    return result;
  }

  private Optional<Answer> unsupported(Question question) {
    TransactionType type = envelope(question).type();
    Set<TransactionType> taken = chain.facts().transactionTypes();
    if (type == TransactionType.EIP4844 && taken.contains(type) && chain.blobProofs().isEmpty()) {
      return Optional.of(
          new Answer.UnsupportedType(
              "%s takes no transaction with blobs: its definition has no blobProofs, which say what its nodes want them proven by"
                  .formatted(chain.id())));
    }
    return taken.contains(type)
        ? Optional.empty()
        : Optional.of(
            new Answer.UnsupportedType(
                "%s takes no transaction of type %s; expected one of %s, by the chain's definition"
                    .formatted(
                        chain.id(),
                        type.text(),
                        taken.stream().map(TransactionType::text).toList())));
  }

  /// That of the question, or the one that the chain's fees are made for.
  private Envelope envelope(Question question) {
    return question
        .envelope()
        .orElseGet(
            () -> chain.feeModel().hasBaseFee() ? Envelope.FeeMarket.PLAIN : new Envelope.Legacy());
  }

  private Map<RpcCall, RpcAnswer> ask(List<Question> questions) {
    Map<RpcCall, RpcAnswer> answers = new LinkedHashMap<>();
    List<RpcCall> calls =
        questions.stream().flatMap(question -> calls(question).stream()).distinct().toList();
    // What is called is the client's choice, and policy has not judged it yet.
    List<RpcAnswer> inOrder = node.passOn(calls);
    for (int i = 0; i < calls.size(); i++) {
      answers.put(calls.get(i), inOrder.get(i));
    }
    return answers;
  }

  private List<RpcCall> calls(Question question) {
    List<RpcCall> calls = new ArrayList<>();
    // The count first: when a block comes between the two, what it holds is taken off twice, which
    // is the safe side.
    calls.add(RpcCall.minedCount(question.from()));
    calls.add(RpcCall.balance(question.from()));
    if (chain.feeModel() == FeeModel.OP_STACK) {
      calls.add(ParentFee.question(question, envelope(question)));
    }
    if (isKnownPlain(question, plainAccounts)) {
      return calls;
    }
    tokenOf(question)
        .map(token -> RpcCall.tokenBalance(token, question.from()))
        .ifPresent(calls::add);
    calls.add(estimate(question));
    if (mayBePlain(question)) {
      calls.add(RpcCall.code(recipient(question).address()));
    }
    return calls;
  }

  private Answer answer(Question question, Map<RpcCall, RpcAnswer> answers) {
    Optional<Account> account = account(question, answers);
    if (account.isEmpty()) {
      return new Answer.NodeUnavailable(
          "the node does not tell balance and transaction count of " + question.from());
    }
    Wei balance = account.get().balance();
    // The value alone first: what a node answers to an estimate without funds is anybody's guess.
    Envelope envelope;
    switch (envelope(question)) {
      case Envelope.Blobs blobs -> {
        switch (blobTerms(question, blobs)) {
          case BlobTerms.Outcome.Agreed agreed -> envelope = agreed.envelope();
          case BlobTerms.Outcome.Refused refused -> {
            return refused.answer();
          }
        }
      }
      case Envelope other -> envelope = other;
    }
    Wei parentFee = parentFee(question, envelope, answers);
    BigInteger besidesGas = envelope.mostBlobCost().add(parentFee.value());
    Optional<Answer> lacking = lacking(question, balance, besidesGas);
    if (lacking.isPresent()) {
      return lacking.get();
    }
    return switch (gas(question, answers)) {
      case Gas.Used used ->
          switch (FeeTerms.of(question.feeChoice(), price, used.use(), envelope.hasOnePrice())) {
            case FeeTerms.Outcome.Agreed agreed ->
                lacking(question, balance, agreed.fees().mostGasCost().add(besidesGas))
                    .orElseGet(
                        () ->
                            new Answer.Priced(
                                agreed.fees(),
                                envelope,
                                parentFee,
                                account.get(),
                                token(question, answers)));
            case FeeTerms.Outcome.Refused refused -> refused.answer();
          };
      case Gas.None none -> none.answer();
    };
  }

  private BlobTerms.Outcome blobTerms(Question question, Envelope.Blobs blobs) {
    return price
        .blobPrice()
        .map(each -> BlobTerms.of(blobs, question.feeChoice(), chain.facts().fees(), each))
        .orElseGet(
            () ->
                new BlobTerms.Outcome.Refused(
                    new Answer.NodeUnavailable(
                        "the nodes of %s do not tell what a unit of blob gas costs (eth_blobBaseFee)"
                            .formatted(chain.id()))));
  }

  private Wei parentFee(Question question, Envelope envelope, Map<RpcCall, RpcAnswer> answers) {
    if (chain.feeModel() != FeeModel.OP_STACK) {
      return Wei.ZERO;
    }
    RpcCall asked = ParentFee.question(question, envelope);
    return ParentFee.of(asked, Objects.requireNonNull(answers.get(asked)));
  }

  private static Optional<Account> account(Question question, Map<RpcCall, RpcAnswer> answers) {
    return result(answers, RpcCall.balance(question.from()))
        .flatMap(
            balance ->
                result(answers, RpcCall.minedCount(question.from()))
                    .map(
                        mined ->
                            new Account(
                                new Lane(question.chain(), question.from()),
                                wei("balance", balance),
                                new Nonce(Quantities.readLong("mined count", mined)))));
  }

  /// The token that is transferred out of the account.
  private static Optional<Address> tokenOf(Question question) {
    return CallDecoder.decode(question.call()) instanceof Intent.Erc20Transfer transfer
        ? Optional.of(transfer.token())
        : Optional.empty();
  }

  /// A contract that answers anything but one word says nothing.
  private static Optional<TokenBalance> token(Question question, Map<RpcCall, RpcAnswer> answers) {
    return tokenOf(question)
        .flatMap(
            token ->
                result(answers, RpcCall.tokenBalance(token, question.from()))
                    .filter(JsonNode::isString)
                    .map(JsonNode::stringValue)
                    .filter(WORD.asMatchPredicate())
                    .map(word -> new TokenBalance(token, new BigInteger(word.substring(2), 16))));
  }

  private static Wei wei(String what, JsonNode value) {
    try {
      return new Wei(Quantities.read(what, value));
    } catch (InvalidValueException e) {
      throw new NodeUnavailableException(what + " that cannot be: " + e.getMessage(), e);
    }
  }

  /// What it uses, or what is to be answered instead.
  private sealed interface Gas {
    record Used(FeeTerms.GasUse use) implements Gas {}

    record None(Answer answer) implements Gas {}
  }

  private Gas gas(Question question, Map<RpcCall, RpcAnswer> answers) {
    RpcAnswer estimate = answers.get(estimate(question));
    return switch (estimate) {
      case null -> new Gas.Used(FeeTerms.GasUse.OF_TRANSFER);
      case RpcAnswer.Failure failure -> new Gas.None(failed(failure));
      case RpcAnswer.Result result -> {
        BigInteger units = Quantities.read("gas estimate", result.value());
        boolean isPlain = isPlain(question, answers, units);
        if (isPlain) {
          plainAccounts.add(recipient(question));
        }
        yield new Gas.Used(new FeeTerms.GasUse(units, isPlain));
      }
    };
  }

  private static Answer failed(RpcAnswer.Failure failure) {
    return RevertReason.of(failure)
        .<Answer>map(Answer.Reverts::new)
        .orElseGet(
            () ->
                new Answer.NodeUnavailable(
                    "gas estimate: error %d: %s".formatted(failure.code(), failure.message())));
  }

  /// Without code there is nothing to run. On chains that add the cost of another layer to the gas
  /// (Arbitrum does) the estimate says so, and counts.
  private static boolean isPlain(
      Question question, Map<RpcCall, RpcAnswer> answers, BigInteger estimate) {
    return mayBePlain(question)
        && estimate.equals(FeeTerms.TRANSFER)
        && result(answers, RpcCall.code(recipient(question).address()))
            .filter(code -> code.isString() && NO_CODE.equals(code.stringValue()))
            .isPresent();
  }

  /// A transfer to an account that was without code a moment ago: nothing of it has to be run.
  static boolean isKnownPlain(Question question, PlainAccounts plainAccounts) {
    return mayBePlain(question) && plainAccounts.has(recipient(question));
  }

  private static boolean mayBePlain(Question question) {
    return question.call().to().isPresent()
        && question.call().data().isEmpty()
        && question.envelope().map(Envelope::isPlain).orElse(true);
  }

  private static Lane recipient(Question question) {
    return new Lane(question.chain(), question.call().to().orElseThrow());
  }

  private RpcCall estimate(Question question) {
    return RpcCall.estimateGas(question.from(), question.call(), envelope(question).withoutFee());
  }

  private static Optional<Answer> lacking(Question question, Wei balance, BigInteger gasCost) {
    BigInteger needed = question.call().value().value().add(gasCost);
    if (balance.value().compareTo(needed) >= 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Answer.InsufficientFunds(
            "%s has %s wei on %s, the transaction needs %s: value %s and at most %s of fees"
                .formatted(
                    question.from(),
                    balance,
                    question.chain(),
                    needed,
                    question.call().value(),
                    gasCost)));
  }

  private static Optional<JsonNode> result(Map<RpcCall, RpcAnswer> answers, RpcCall call) {
    return answers.get(call) instanceof RpcAnswer.Result result
        ? Optional.of(result.value())
        : Optional.empty();
  }
}
