package dev.countersign.vault.balance;

import dev.countersign.core.balance.AccountState;
import dev.countersign.core.balance.ChainBlock;
import dev.countersign.core.balance.Holding;
import dev.countersign.core.balance.NonceSpan;
import dev.countersign.core.balance.OwnMoves;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.port.ChainAccounts;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A chain that does what it is told, block by block, so that a test can replace its blocks and
/// make its nodes answer late. What real nodes answer is tested with the server.
final class ScriptedChain implements ChainAccounts {
  private final ChainId chain;
  private final List<Block> blocks = new ArrayList<>();
  private Map<Address, Long> mined = new HashMap<>();
  private Map<Holding, BigInteger> amounts = new HashMap<>();
  private final List<Ours> ours = new ArrayList<>();
  private int forks;
  private boolean receiptsAreLate;
  private Optional<AssetId> silent = Optional.empty();
  private boolean countsAhead;
  private boolean amountsAhead;
  private int reads;
  private Runnable whileReading = () -> {};

  private record Block(
      ChainBlock ref, Map<Address, Long> mined, Map<Holding, BigInteger> amounts) {}

  /// A transaction that was signed here.
  private record Ours(Address account, long nonce, Map<Holding, BigInteger> moves) {}

  ScriptedChain(ChainId chain) {
    this.chain = chain;
    mine();
  }

  /// What becomes true with the next block.
  ScriptedChain put(Address account, AssetId asset, long amount) {
    amounts.put(new Holding(account, asset), BigInteger.valueOf(amount));
    return this;
  }

  /// A transaction of ours that the next block has, with all that it moves.
  ScriptedChain send(Address account, Map<Holding, Long> moves) {
    long nonce = mined.getOrDefault(account, 0L);
    Map<Holding, BigInteger> moved = new HashMap<>();
    moves.forEach((holding, amount) -> moved.put(holding, BigInteger.valueOf(amount)));
    ours.removeIf(one -> one.account().equals(account) && one.nonce() == nonce);
    ours.add(new Ours(account, nonce, moved));
    moved.forEach((holding, amount) -> amounts.merge(holding, amount, BigInteger::add));
    mined.put(account, nonce + 1);
    return this;
  }

  /// From the next block on so many transactions of the account are mined, whatever was before.
  ScriptedChain mined(Address account, long count) {
    mined.put(account, count);
    return this;
  }

  /// A transaction that somebody else signed with the account's key.
  ScriptedChain sendForeign(Address account) {
    mined.merge(account, 1L, Long::sum);
    return this;
  }

  long mine() {
    int number = blocks.size();
    ChainBlock ref =
        new ChainBlock(
            chain, number, Keccak.hash((number + "/" + forks).getBytes(StandardCharsets.US_ASCII)));
    blocks.add(new Block(ref, Map.copyOf(mined), Map.copyOf(amounts)));
    return number;
  }

  /// Takes the last `depth` blocks away; the state is that of the block before them.
  void unmine(int depth) {
    for (int i = 0; i < depth; i++) {
      blocks.removeLast();
    }
    forks++;
    mined = new HashMap<>(blocks.getLast().mined());
    amounts = new HashMap<>(blocks.getLast().amounts());
  }

  void receiptsAreLate(boolean late) {
    receiptsAreLate = late;
  }

  /// A token that does not answer, or none.
  void silent(Optional<AssetId> token) {
    silent = token;
  }

  /// The next reading of counts is of the block to come, whatever block it asks for.
  void countsAhead() {
    countsAhead = true;
  }

  /// The next reading of amounts is of the block to come, whatever block it asks for.
  void amountsAhead() {
    amountsAhead = true;
  }

  /// What happens while the next block is read.
  void whileReading(Runnable what) {
    whileReading = what;
  }

  int reads() {
    return reads;
  }

  @Override
  public ChainBlock confirmed(ChainId asked) {
    return blocks.getLast().ref();
  }

  @Override
  public boolean isCanonical(ChainBlock block) {
    return blocks.stream().anyMatch(one -> one.ref().equals(block));
  }

  @Override
  public List<AccountState> states(ChainBlock block, List<Address> accounts, List<AssetId> assets) {
    reads++;
    Block found = blocks.stream().filter(one -> one.ref().equals(block)).findFirst().orElseThrow();
    Map<Address, Long> counts = countsAhead ? mined : found.mined();
    Map<Holding, BigInteger> holdings = amountsAhead ? amounts : found.amounts();
    countsAhead = false;
    amountsAhead = false;
    Runnable now = whileReading;
    whileReading = () -> {};
    now.run();
    return accounts.stream()
        .map(
            account -> {
              Map<AssetId, BigInteger> has = new HashMap<>();
              for (AssetId asset : assets) {
                if (!silent.equals(Optional.of(asset))) {
                  has.put(
                      asset, holdings.getOrDefault(new Holding(account, asset), BigInteger.ZERO));
                }
              }
              return new AccountState(account, counts.getOrDefault(account, 0L), has);
            })
        .toList();
  }

  @Override
  public OwnMoves moves(ChainBlock until, List<NonceSpan> spans, List<AssetId> assets) {
    Map<Holding, BigInteger> changes = new HashMap<>();
    long found = 0;
    for (NonceSpan span : spans) {
      for (Ours one : ours) {
        if (one.account().equals(span.account())
            && one.nonce() >= span.from()
            && one.nonce() < span.to()) {
          found++;
          if (!receiptsAreLate) {
            one.moves()
                .forEach((holding, amount) -> changes.merge(holding, amount, BigInteger::add));
          }
        }
      }
    }
    long all = spans.stream().mapToLong(NonceSpan::size).sum();
    return new OwnMoves(changes, receiptsAreLate ? found : 0, all - found);
  }
}
