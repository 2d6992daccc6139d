package dev.countersign.nonce.balance;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.countersign.core.balance.AccountState;
import dev.countersign.core.balance.ChainBlock;
import dev.countersign.core.balance.NonceSpan;
import dev.countersign.core.balance.OwnMoves;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.ChainAccounts;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.database.SqlRows;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.node.Agreement;
import dev.countersign.nonce.node.BlockHead;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.Quantities;
import dev.countersign.nonce.node.Receipt;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// [ChainAccounts] from the node pools, and from the transactions that were signed here. A round of
/// questions is one batch, however many accounts there are.
public final class NodeChainAccounts implements ChainAccounts {
  private static final Logger LOG = LoggerFactory.getLogger(NodeChainAccounts.class);

  /// Nodes that are no archives keep the state of the last 128 blocks; half of them leaves time to
  /// ask.
  private static final int DEEPEST = 64;

  private static final int RECEIPTS_AT_ONCE = 200;

  /// The code by which nodes tell that a call was undone by the contract.
  private static final int REVERTED = 3;

  private static final String TOKEN_KIND = "erc20:";
  private static final Pattern WORD = Pattern.compile("0x[0-9a-fA-F]{64}");

  private final UnitOfWork unitOfWork;
  private final ChainDefinitions chains;
  private final NodePools nodes;

  public NodeChainAccounts(UnitOfWork unitOfWork, ChainDefinitions chains, NodePools nodes) {
    this.unitOfWork = unitOfWork;
    this.chains = chains;
    this.nodes = nodes;
  }

  @Override
  public ChainBlock confirmed(ChainId chain) {
    int depth = chains.find(chain).orElseThrow(() -> unknown(chain)).confirmations();
    NodePool node = nodes.of(chain);
    BlockHead head = node.quorum().head();
    long number = Math.max(0, head.number() - (Math.min(depth, DEEPEST) - 1));
    return number == head.number()
        ? new ChainBlock(chain, number, head.hash())
        : block(node, number)
            .orElseThrow(
                () ->
                    new NodeUnavailableException(
                        "chain %s: block %d is gone while it was asked for"
                            .formatted(chain, number)));
  }

  private static NodeUnavailableException unknown(ChainId chain) {
    return new NodeUnavailableException("chain " + chain + " is not configured here");
  }

  @Override
  public boolean isCanonical(ChainBlock block) {
    Optional<Digest32> standing =
        agreed(
            nodes.of(block.chain()).quorum().blockHashes(List.of(block.number())).getFirst(),
            "the hash of block " + block.number());
    return block
        .hash()
        .equals(
            standing.orElseThrow(
                () ->
                    new NodeUnavailableException(
                        "chain %s: its nodes have no block %d yet"
                            .formatted(block.chain(), block.number()))));
  }

  private static <T> T agreed(Agreement<T> agreement, String what) {
    return switch (agreement) {
      case Agreement.Agreed<T>(T value) -> value;
      case Agreement.Split<T>(String detail) ->
          throw new NodeUnavailableException("nodes differ about " + what + ": " + detail);
    };
  }

  /// @return nothing when the chain is not that long
  private static Optional<ChainBlock> block(NodePool node, long number) {
    JsonNode found = node.results(List.of(BlockCalls.byNumber(number))).getFirst();
    if (!found.isObject()) {
      return Optional.empty();
    }
    BlockHead head = BlockHead.read(found);
    return Optional.of(new ChainBlock(node.chain(), head.number(), head.hash()));
  }

  @Override
  public List<AccountState> states(ChainBlock block, List<Address> accounts, List<AssetId> assets) {
    List<RpcCall> calls = new ArrayList<>();
    for (Address account : accounts) {
      assets.forEach(asset -> calls.add(question(asset, account, block.hash())));
    }
    List<Agreement<Long>> counts =
        nodes
            .of(block.chain())
            .quorum()
            .minedCountsAt(new BlockHead(block.number(), block.hash()), accounts);
    List<RpcAnswer> answers = nodes.of(block.chain()).call(calls);
    Iterator<RpcCall> asked = calls.iterator();
    Iterator<RpcAnswer> said = answers.iterator();
    List<AccountState> states = new ArrayList<>();
    for (int i = 0; i < accounts.size(); i++) {
      Address account = accounts.get(i);
      long mined = agreed(counts.get(i), "the mined count of " + account.hex());
      Map<AssetId, BigInteger> amounts = new HashMap<>();
      for (AssetId asset : assets) {
        amount(asset, asked.next(), said.next()).ifPresent(amount -> amounts.put(asset, amount));
      }
      states.add(new AccountState(account, mined, amounts));
    }
    return states;
  }

  private static RpcCall question(AssetId asset, Address account, Digest32 block) {
    return asset.isNative()
        ? BlockCalls.balance(account, block)
        : BlockCalls.tokenBalance(token(asset), account, block);
  }

  private static Address token(AssetId asset) {
    return new Address(asset.asset().substring(TOKEN_KIND.length()));
  }

  /// A contract that does not answer as a token does is no reason to watch nothing.
  private static Optional<BigInteger> amount(AssetId asset, RpcCall call, RpcAnswer answer) {
    if (asset.isNative()) {
      return Optional.of(Quantities.read("balance", RpcAnswer.resultOf(call, answer)));
    }
    return switch (answer) {
      case RpcAnswer.Result(JsonNode value)
          when value.isString() && WORD.matcher(value.stringValue()).matches() ->
          Optional.of(new BigInteger(value.stringValue().substring(2), 16));
      case RpcAnswer.Result _ -> {
        LOG.warn("{}: balanceOf gives no amount; is it a token?", asset);
        yield Optional.empty();
      }
      case RpcAnswer.Failure failure when isRevert(failure) -> {
        LOG.warn("{}: balanceOf fails: {}", asset, failure.message());
        yield Optional.empty();
      }
      // A node that does not answer now says nothing of the token.
      case RpcAnswer.Failure failure ->
          throw new NodeUnavailableException(
              "%s: balanceOf is not answered: %s".formatted(asset, failure.message()));
    };
  }

  private static boolean isRevert(RpcAnswer.Failure failure) {
    return failure.code() == REVERTED
        || failure.message().toLowerCase(Locale.ROOT).contains("revert")
        || failure.message().toLowerCase(Locale.ROOT).contains("invalid opcode");
  }

  @Override
  public OwnMoves moves(ChainBlock until, List<NonceSpan> spans, List<AssetId> assets) {
    List<SignedNonce> signed = signed(until.chain(), spans);
    MovesOfReceipt moves = new MovesOfReceipt(until.chain(), Set.copyOf(assets));
    Set<SignedNonce.Name> explained = new HashSet<>();
    for (int start = 0; start < signed.size(); start += RECEIPTS_AT_ONCE) {
      List<SignedNonce> some =
          signed.subList(start, Math.min(start + RECEIPTS_AT_ONCE, signed.size()));
      List<RpcCall> calls = new ArrayList<>();
      for (SignedNonce one : some) {
        calls.add(RpcCall.transaction(one.hash()));
        calls.add(RpcCall.receipt(one.hash()));
      }
      List<JsonNode> answers = nodes.of(until.chain()).results(calls);
      for (int i = 0; i < answers.size(); i += 2) {
        Optional<Receipt> receipt = Receipt.read(answers.get(i + 1));
        if (receipt.isPresent()
            && receipt.get().blockNumber() <= until.number()
            && answers.get(i).isObject()) {
          moves.add(answers.get(i), answers.get(i + 1));
          explained.add(some.get(i / 2).name());
        }
      }
    }
    long nonces = signed.stream().map(SignedNonce::name).distinct().count();
    long all = spans.stream().mapToLong(NonceSpan::size).sum();
    Map<SignedNonce.Name, List<Digest32>> missing =
        signed.stream()
            .filter(one -> !explained.contains(one.name()))
            .collect(groupingBy(SignedNonce::name, mapping(SignedNonce::hash, toList())));
    long foreign = withoutReceipt(until.chain(), missing.values());
    return new OwnMoves(moves.changes(), missing.size() - foreign, all - nonces + foreign);
  }

  /// Of how many nonces a quorum has no receipt, whichever of their transactions it is asked for.
  /// They are mined as deep as the chain asks, so what was mined is not what was signed here.
  private long withoutReceipt(ChainId chain, Collection<List<Digest32>> missing) {
    if (missing.isEmpty()) {
      return 0;
    }
    List<Digest32> hashes = missing.stream().flatMap(List::stream).toList();
    var answers = nodes.of(chain).quorum().receipts(hashes).values();
    Set<Digest32> absent = new HashSet<>();
    for (int i = 0; i < hashes.size(); i++) {
      if (answers.get(i) instanceof Agreement.Agreed<Optional<Receipt>>(var receipt)
          && receipt.isEmpty()) {
        absent.add(hashes.get(i));
      }
    }
    return missing.stream().filter(absent::containsAll).count();
  }

  /// A payload of a nonce; of those of one nonce one is mined.
  private record SignedNonce(Name name, Digest32 hash) {
    record Name(String account, long nonce) {}
  }

  /// All that was signed for the nonces of the spans.
  private List<SignedNonce> signed(ChainId chain, List<NonceSpan> spans) {
    if (spans.isEmpty()) {
      return List.of();
    }
    return unitOfWork.inTransaction(
        transaction ->
            SqlRows.of(spans)
                .text("address", span -> span.account().hex())
                .bigint("from", NonceSpan::from)
                .bigint("to", NonceSpan::to)
                .bindTo(
                    transaction
                        .unwrap(Handle.class)
                        .createQuery(
                            """
                            SELECT t.address, t.nonce, p.hash FROM nonce.transaction t
                            JOIN unnest(:address, :from, :to) AS span (address, first, next)
                              ON t.address = span.address
                                AND t.nonce >= span.first AND t.nonce < span.next
                            CROSS JOIN LATERAL (
                              SELECT t.hash
                              UNION ALL
                              SELECT r.hash FROM nonce.replacement r
                              WHERE (r.chain, r.address, r.nonce)
                                = (t.chain, t.address, t.nonce)
                            ) p
                            WHERE t.chain = :chain AND p.hash IS NOT NULL
                            ORDER BY t.address, t.nonce
                            """))
                .bind("chain", chain.caip2())
                .map(
                    (row, context) ->
                        new SignedNonce(
                            new SignedNonce.Name(row.getString("address"), row.getLong("nonce")),
                            Digest32.fromHex(row.getString("hash"))))
                .list());
  }
}
