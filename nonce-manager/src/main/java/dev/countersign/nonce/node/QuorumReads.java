package dev.countersign.nonce.node;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.nonce.node.Poll.Ballot;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Reads that decide about money: all endpoints of the chain are asked at once, and what a quorum
/// of them says counts. Fewer lying or lagging endpoints than a quorum change no answer, they can
/// only keep one from being given.
///
/// An endpoint that a quorum contradicts is suspect from then on: the log warns of it by name, its
/// health says so, and it is asked last elsewhere.
public final class QuorumReads {
  private static final String HEAD = "head";

  private final ChainId chain;
  private final Poll poll;
  private final int quorum;
  private final long lagAllowed;

  QuorumReads(ChainId chain, List<Endpoint> endpoints, int quorum, long lagAllowed) {
    this.chain = chain;
    this.poll = new Poll(chain, endpoints, quorum, lagAllowed);
    this.quorum = quorum;
    this.lagAllowed = lagAllowed;
  }

  /// What was asked for, and the head at that time.
  ///
  /// @param head the height that a quorum has reached; asked for after the values, so that a
  /// reorganisation in between makes it too low rather than too high
  /// @param values in the order of the questions
  public record AtHead<T>(BlockHead head, List<T> values) {
    public AtHead {
      values = List.copyOf(values);
    }
  }

  /// How the answer to one of the calls is read.
  @FunctionalInterface
  private interface Reader<T> {
    /// @throws NodeUnavailableException when it is not what was asked for
    T read(int index, JsonNode result);
  }

  /// One endpoint's answer to one of the calls.
  ///
  /// @param head the number of its newest block
  private record Vote<T>(long head, T value) {}

  /// Which votes count where all of them together have no quorum.
  @FunctionalInterface
  private interface Narrowing<T> {
    List<T> of(List<Vote<T>> votes);
  }

  /// What an endpoint's answer to one of the calls means, beside the quorum's.
  @FunctionalInterface
  private interface Judge<T> {
    Stance stance(int index, T own, T agreed, long ownHead, long head);
  }

  /// The newest block that a quorum has reached.
  ///
  /// @throws NoQuorumException when fewer than a quorum answer
  public BlockHead head() {
    List<Ballot> ballots = poll.of(List.of(), _ -> true);
    BlockHead head = head(ballots);
    ballots.forEach(ballot -> noteHead(ballot, ballots));
    return head;
  }

  /// What each endpoint answers to the same calls, for what no two of them say alike: the lists of
  /// answers of a quorum at least.
  ///
  /// @throws NoQuorumException when fewer answer
  public List<List<RpcAnswer>> each(List<RpcCall> calls) {
    return poll.of(calls, _ -> true).stream().map(Ballot::answers).toList();
  }

  /// The largest of these prices that more endpoints have named than may lie.
  ///
  /// @param votes one of each endpoint that named any, at least one
  public BigInteger price(List<BigInteger> votes) {
    return Votes.vouchedPrice(votes, quorum);
  }

  /// How high the block is that nodes name by a tag: a quorum has got so far.
  ///
  /// @param tag such as `finalized`
  /// @throws NoQuorumException when fewer than a quorum know of such a block
  public long height(String tag) {
    Reader<Long> reader = (i, result) -> Quantities.readLong("block number", result.path("number"));
    List<Ballot> ballots =
        poll.of(List.of(RpcCall.block(tag)), some -> votes(some, 0, reader).size() >= quorum);
    List<Long> heights = all(votes(ballots, 0, reader));
    return Votes.reached(heights, quorum)
        .orElseThrow(
            () ->
                new NoQuorumException(
                    "chain %s: %d endpoints have a %s block, %d must"
                        .formatted(chain, heights.size(), tag, quorum)));
  }

  /// Where transactions are mined. `Agreed` and empty: a quorum has no receipt. A node that is
  /// behind has none either and does not lie, so a few without say nothing against a quorum that
  /// has one.
  ///
  /// @throws NoQuorumException when fewer than a quorum answer
  public AtHead<Agreement<Optional<Receipt>>> receipts(List<Digest32> transactions) {
    return exact(
        "receipts",
        transactions.stream().map(RpcCall::receipt).toList(),
        (i, result) -> receipt(transactions.get(i), result),
        (i, own, agreed, ownHead, head) ->
            Stance.onReceipt(transactions.get(i), own, agreed, ownHead, head),
        QuorumReads::ofThoseThatCouldKnow);
  }

  /// Without those that have no receipt and have not got to the block in which others have one.
  private static List<Optional<Receipt>> ofThoseThatCouldKnow(List<Vote<Optional<Receipt>>> votes) {
    OptionalLong mined =
        votes.stream().flatMap(vote -> vote.value().stream()).mapToLong(Receipt::blockNumber).min();
    return votes.stream()
        .filter(
            vote -> vote.value().isPresent() || mined.isEmpty() || vote.head() >= mined.getAsLong())
        .map(Vote::value)
        .toList();
  }

  private static <T> List<T> all(List<Vote<T>> votes) {
    return votes.stream().map(Vote::value).toList();
  }

  /// How many transactions of each account are mined up to a block: exact, a quorum must have that
  /// block and say the same number.
  ///
  /// @throws NoQuorumException when fewer than a quorum answer
  public List<Agreement<Long>> minedCountsAt(BlockHead block, List<Address> accounts) {
    return this.<Long>exact(
            "counts at blocks",
            accounts.stream()
                .map(account -> RpcCall.minedCountAt(account, block.number()))
                .toList(),
            (i, result) -> Quantities.readLong("mined count", result),
            (i, own, agreed, ownHead, head) ->
                Stance.onFact(
                    "mined count of %s at block %d"
                        .formatted(accounts.get(i).hex(), block.number()),
                    own,
                    agreed),
            QuorumReads::all)
        .values();
  }

  /// The hashes of the blocks at these heights; empty where a quorum has no such block yet.
  ///
  /// @throws NoQuorumException when fewer than a quorum answer
  public List<Agreement<Optional<Digest32>>> blockHashes(List<Long> heights) {
    return this.<Optional<Digest32>>exact(
            "block hashes",
            heights.stream().map(RpcCall::blockAt).toList(),
            (i, result) ->
                result.isObject()
                    ? Optional.of(Hashes.read("block hash", result.path("hash")))
                    : Optional.empty(),
            (i, own, agreed, ownHead, head) ->
                Stance.onFact("hash of block " + heights.get(i), own, agreed),
            QuorumReads::all)
        .values();
  }

  /// How many transactions of each account are mined, at least: a quorum has got so far.
  ///
  /// @throws NoQuorumException when fewer than a quorum tell the count of one of them
  public AtHead<Long> minedCounts(List<Address> accounts) {
    List<RpcCall> calls = accounts.stream().map(RpcCall::minedCount).toList();
    Reader<Long> reader = (i, result) -> Quantities.readLong("mined count", result);
    List<Ballot> ballots =
        poll.of(
            calls,
            some ->
                IntStream.range(0, calls.size())
                    .allMatch(i -> votes(some, i, reader).size() >= quorum));
    List<Long> counts =
        IntStream.range(0, calls.size())
            .mapToObj(i -> reached(accounts.get(i), all(votes(ballots, i, reader))))
            .toList();
    BlockHead head = head(ballots);
    for (Ballot ballot : ballots) {
      note(
          ballot,
          ballots,
          "counts",
          IntStream.range(0, calls.size())
              .boxed()
              .flatMap(
                  i ->
                      vote(ballot, i, reader)
                          .map(
                              own ->
                                  Stance.onCount(
                                      "mined count of " + accounts.get(i).hex(),
                                      own,
                                      counts.get(i),
                                      ballot.head().number(),
                                      head.number()))
                          .stream())
              .toList());
    }
    return new AtHead<>(head, counts);
  }

  private Long reached(Address account, List<Long> votes) {
    return Votes.reached(votes, quorum)
        .orElseThrow(
            () ->
                new NoQuorumException(
                    "chain %s: mined count of %s: %d endpoints tell it, %d must"
                        .formatted(chain, account.hex(), votes.size(), quorum)));
  }

  private <T> AtHead<Agreement<T>> exact(
      String topic, List<RpcCall> calls, Reader<T> reader, Judge<T> judge, Narrowing<T> narrowing) {
    List<Ballot> ballots =
        poll.of(
            calls,
            some ->
                agreed(some, calls.size(), reader, narrowing).stream()
                    .allMatch(Agreement.Agreed.class::isInstance));
    List<Agreement<T>> agreements = agreed(ballots, calls.size(), reader, narrowing);
    BlockHead head = head(ballots);
    for (Ballot ballot : ballots) {
      note(
          ballot,
          ballots,
          topic,
          IntStream.range(0, calls.size())
              .boxed()
              .flatMap(i -> stance(i, ballot, agreements.get(i), head, reader, judge).stream())
              .toList());
    }
    return new AtHead<>(head, agreements);
  }

  private static <T> Optional<Stance> stance(
      int index,
      Ballot ballot,
      Agreement<T> agreement,
      BlockHead head,
      Reader<T> reader,
      Judge<T> judge) {
    return switch (agreement) {
      case Agreement.Split<T> _ -> Optional.empty();
      case Agreement.Agreed<T>(T agreed) ->
          vote(ballot, index, reader)
              .map(own -> judge.stance(index, own, agreed, ballot.head().number(), head.number()));
    };
  }

  private <T> List<Agreement<T>> agreed(
      List<Ballot> ballots, int calls, Reader<T> reader, Narrowing<T> narrowing) {
    return IntStream.range(0, calls)
        .mapToObj(i -> agreed(votes(ballots, i, reader), narrowing))
        .toList();
  }

  /// All votes first: what a quorum says no minority can take out of the count.
  private <T> Agreement<T> agreed(List<Vote<T>> votes, Narrowing<T> narrowing) {
    Agreement<T> ofAll = Votes.agreed(all(votes), quorum);
    return switch (ofAll) {
      case Agreement.Agreed<T> agreed -> agreed;
      case Agreement.Split<T> split ->
          Votes.agreed(narrowing.of(votes), quorum) instanceof Agreement.Agreed<T> agreed
              ? agreed
              : split;
    };
  }

  private static <T> List<Vote<T>> votes(List<Ballot> ballots, int index, Reader<T> reader) {
    return ballots.stream()
        .flatMap(
            ballot ->
                vote(ballot, index, reader).stream()
                    .map(value -> new Vote<>(ballot.head().number(), value)))
        .toList();
  }

  /// An error, or what cannot be read, is no vote.
  private static <T> Optional<T> vote(Ballot ballot, int index, Reader<T> reader) {
    if (ballot.answers().get(index) instanceof RpcAnswer.Result result) {
      try {
        return Optional.of(reader.read(index, result.value()));
      } catch (NodeUnavailableException _) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Optional<Receipt> receipt(Digest32 transaction, JsonNode result) {
    Optional<Receipt> receipt = Receipt.read(result);
    receipt.ifPresent(
        read -> {
          if (!read.transactionHash().equals(transaction)) {
            throw new NodeUnavailableException(
                "expected the receipt of %s, got that of %s"
                    .formatted(transaction.hex(), read.transactionHash().hex()));
          }
        });
    return receipt;
  }

  private BlockHead head(List<Ballot> ballots) {
    List<Long> heights = ballots.stream().map(ballot -> ballot.head().number()).toList();
    long height = Votes.reached(heights, quorum).orElseThrow();
    return ballots.stream()
        .map(Ballot::head)
        .filter(head -> head.number() == height)
        .findFirst()
        .orElseThrow();
  }

  /// The highest head that is not told by as many endpoints alone as may lie.
  private long vouchedFor(List<Ballot> ballots) {
    List<Long> heights = ballots.stream().map(ballot -> ballot.head().number()).toList();
    return Votes.vouched(heights, quorum).orElseThrow();
  }

  private void note(Ballot ballot, List<Ballot> ballots, String topic, List<Stance> stances) {
    Endpoint endpoint = ballot.endpoint();
    stances.stream()
        .filter(stance -> stance.kind() != Stance.Kind.FINE)
        .max(Comparator.comparing(Stance::kind))
        .ifPresentOrElse(
            worst -> {
              if (worst.kind() == Stance.Kind.CONTRADICTS) {
                endpoint.contradicted(worst.what());
              } else {
                endpoint.differed(topic, worst.what());
              }
            },
            () -> endpoint.agreed(topic));
    noteHead(ballot, ballots);
  }

  /// To be far ahead of a quorum of the others is strange; to be ahead of fewer may be their fault.
  private void noteHead(Ballot ballot, List<Ballot> ballots) {
    Endpoint endpoint = ballot.endpoint();
    long vouchedFor = vouchedFor(ballots);
    if (ballot.head().number() - vouchedFor > lagAllowed && ballots.size() > quorum) {
      endpoint.differed(
          HEAD,
          "says the newest block is %d, the others have got to %d"
              .formatted(ballot.head().number(), vouchedFor));
    } else {
      endpoint.agreed(HEAD);
    }
  }
}
