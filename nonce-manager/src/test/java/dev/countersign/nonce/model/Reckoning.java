package dev.countersign.nonce.model;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.lane.LaneView;
import dev.countersign.nonce.model.SimulatedChain.Block;
import dev.countersign.nonce.model.SimulatedChain.Payload;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;

/// Holds what the database says at the end of a run against what the chain has.
final class Reckoning {
  private final UnitOfWork database;
  private final ChainId chainId;
  private final boolean deep;

  /// @param deep whether the chain has taken back what was final: then another payload of a nonce
  /// may be mined in the end than the one that it had ended by
  Reckoning(UnitOfWork database, ChainId chainId, boolean deep) {
    this.database = database;
    this.chainId = chainId;
    this.deep = deep;
  }

  /// One payload of one nonce.
  ///
  /// @param decides whether it is the one that the nonce ended by
  private record Row(
      SigningRequestId request,
      long nonce,
      String address,
      String state,
      String purpose,
      String hash,
      boolean decides) {}

  private List<Row> rows() {
    return database.inTransaction(
        transaction ->
            transaction
                .unwrap(Handle.class)
                .createQuery(
                    """
                    SELECT t.request_id, t.nonce, t.address, t.state, p.purpose,
                      coalesce(p.hash, '') AS hash, p.ordinal = t.mined AS decides
                    FROM nonce.transaction t CROSS JOIN LATERAL (
                      SELECT 0 AS ordinal, 'ORIGINAL' AS purpose, t.hash
                      UNION ALL
                      SELECT r.ordinal, r.purpose, r.hash FROM nonce.replacement r
                      WHERE (r.chain, r.address, r.nonce) = (t.chain, t.address, t.nonce)
                        AND r.dropped_at IS NULL) AS p
                    WHERE t.chain = :chain ORDER BY t.address, t.nonce, p.ordinal
                    """)
                .bind("chain", chainId.caip2())
                .map(
                    (row, context) ->
                        new Row(
                            new SigningRequestId(row.getObject("request_id", UUID.class)),
                            row.getLong("nonce"),
                            row.getString("address"),
                            row.getString("state"),
                            row.getString("purpose"),
                            row.getString("hash"),
                            row.getBoolean("decides")))
                .list());
  }

  /// Whether a nonce waits for anything, or a replacement for its key; or the chain has taken back
  /// what has ended.
  boolean isOpen(SimulatedChain chain) {
    List<Block> blocks = chain.blocks();
    return rows().stream()
        .anyMatch(
            row ->
                row.hash().isEmpty()
                    || Set.of("SIGNED", "BROADCAST", "MINED", "OWNED").contains(row.state())
                    || (row.state().equals("CONFIRMED")
                        && row.nonce()
                            >= SimulatedChain.mined(blocks, new Address(row.address()))));
  }

  /// Every payload that a node has got of ours is one that is written down, as the original of its
  /// nonce or as a replacement that was permitted.
  void onlyWhatIsWrittenDown(SimulatedChain chain) {
    Map<String, Row> written =
        rows().stream().collect(Collectors.toMap(Row::hash, Function.identity(), (a, b) -> a));
    chain
        .sent()
        .forEach(
            (slot, hashes) ->
                hashes.forEach(
                    hash -> {
                      Row row = written.get(hash.hex());
                      check(
                          row != null
                              && row.nonce() == slot.nonce()
                              && row.address().equals(slot.account().hex()),
                          "%s of %s was sent, and is not written down".formatted(hash, slot));
                    }));
  }

  /// What waits, for whoever looks for a fault.
  String standing() {
    return rows().stream()
        .filter(row -> !Set.of("CONFIRMED", "FOREIGN").contains(row.state()))
        .map(Row::toString)
        .collect(Collectors.joining("\n  "));
  }

  /// None is lost, none is doubled, and no nonce is left out.
  ///
  /// @param admitted what was asked for, whether it was committed or not
  /// @param withdrawn what its client did not want any longer, whether it was too late or not
  /// @param lanes as they are now
  /// @return how many requests ended how
  Map<String, Long> everyRequestHasItsEnd(
      SimulatedChain chain,
      Set<SigningRequestId> admitted,
      Set<SigningRequestId> withdrawn,
      List<LaneView> lanes) {
    Map<UUID, String> ends =
        database.inTransaction(
            transaction ->
                transaction
                    .unwrap(Handle.class)
                    .createQuery("SELECT id, state FROM test_request WHERE id = ANY (:ids)")
                    .bindArray(
                        "ids", UUID.class, admitted.stream().map(SigningRequestId::value).toList())
                    .map(
                        (row, context) ->
                            Map.entry(row.getObject("id", UUID.class), row.getString("state")))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    List<Block> blocks = chain.blocks();
    Set<UUID> onChain = new HashSet<>();
    Map<UUID, Long> minedOf = new HashMap<>();
    for (Row row : rows()) {
      String end = ends.getOrDefault(row.request().value(), "none");
      boolean mined = SimulatedChain.inclusion(blocks, Digest32.fromHex(row.hash())).isPresent();
      minedOf.merge(row.request().value(), mined ? 1L : 0L, Long::sum);
      check(
          switch (row.state()) {
            case "CONFIRMED" ->
                deep
                    || (mined == row.decides()
                        && (!mined
                            || end.equals(
                                row.purpose().equals("CANCELLATION") ? "CANCELLED" : "CONFIRMED")));
            case "FOREIGN" -> !mined && end.equals("REPLACED");
            default -> false;
          },
          "%s ended as %s, mined: %s".formatted(row, end, mined));
      if (!row.state().equals("FOREIGN")) {
        onChain.add(row.request().value());
      }
    }
    onChain.forEach(
        request ->
            check(
                minedOf.getOrDefault(request, 0L) == 1,
                "request %s is mined %s times".formatted(request, minedOf.get(request))));
    ends.forEach(
        (request, end) ->
            check(
                end.equals("FAILED")
                    || (end.equals("CANCELLED")
                        && withdrawn.contains(new SigningRequestId(request)))
                    || end.equals("REPLACED")
                    || onChain.contains(request),
                "request %s is %s and has no nonce".formatted(request, end)));
    lanes.forEach(lane -> contiguous(blocks, lane));
    return ends.values().stream()
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  /// Whether a nonce is mined that nobody owns.
  static boolean isBehind(List<Block> blocks, LaneView lane) {
    Nonce lowest = lane.free().isEmpty() ? lane.next() : lane.free().getFirst();
    return lowest.value() < SimulatedChain.mined(blocks, lane.lane().address());
  }

  private static void contiguous(List<Block> blocks, LaneView lane) {
    List<Long> nonces =
        blocks.stream()
            .flatMap(block -> block.transactions().stream())
            .filter(payload -> payload.account().equals(lane.lane().address()))
            .map(Payload::nonce)
            .toList();
    check(
        nonces.equals(LongStream.range(0, nonces.size()).boxed().toList()),
        "nonces of %s: %s".formatted(lane.lane(), nonces));
    // What was given back and has nothing above it waits for the next request, and for nothing
    // else.
    check(
        lane.free().stream()
            .map(Nonce::value)
            .toList()
            .equals(LongStream.range(nonces.size(), lane.next().value()).boxed().toList()),
        "a gap: %s, %d are mined".formatted(lane, nonces.size()));
    check(
        lane.next().value() >= nonces.size(),
        "%s is behind: %d are mined".formatted(lane, nonces.size()));
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
