package dev.countersign.audit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.store.TestLog;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.Observed;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@Timeout(60)
class EntrySearchIT {
  private static final Instant BEGIN = Instant.parse("2026-11-22T18:00:00Z");
  private static final Digest32 DIGEST = Digest32.of(new byte[32]);
  private static final Address EXCHANGE = new Address("0x" + "ab".repeat(20));
  private static final Address OTHER = new Address("0x" + "cd".repeat(20));

  private final TestLog log;
  private final EntrySearch search;
  private final EntryIndexer indexer;

  EntrySearchIT(PostgresDatabase database) {
    this.log = new TestLog(database);
    this.search = new EntrySearch(log.unitOfWork);
    this.indexer = new EntryIndexer(log.unitOfWork);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private static SigningRequestId request(int number) {
    return new SigningRequestId(new UUID(7, number));
  }

  private static Actor client(int number) {
    return new Actor(Actor.Kind.CLIENT, "desk-" + number % 3, "mtls:sha256:00");
  }

  /// Request `number` is asked for in that second, by one of three desks, of one of two wallets, to
  /// one of two addresses; it is signed a second later.
  private static List<AuditRecord> signed(int number) {
    Instant at = BEGIN.plusSeconds(number);
    var admitted =
        new AuditEvent.RequestAdmitted(
            new WalletId("hot-" + number % 2),
            new ChainId("eip155:1"),
            new Intent.NativeTransfer(number % 5 == 0 ? EXCHANGE : OTHER, new Wei(BigInteger.ONE)),
            new PolicyVersion(1, DIGEST),
            "pay",
            new Nonce(number),
            DIGEST,
            new Observed(
                AssetId.parse("eip155:1/slip44:60"), BigInteger.ONE, BigInteger.ONE, List.of()));
    var done = new AuditEvent.TransactionSigned(new ChainId("eip155:1"), new Nonce(number), DIGEST);
    return List.of(
        AuditRecord.of(at, client(number), request(number), DIGEST, admitted),
        AuditRecord.of(at.plusSeconds(1), Actor.system("pipeline"), request(number), DIGEST, done));
  }

  /// Two entries for each request, the first of request `n` in place `2n`.
  private void log(int requests) {
    List<AuditRecord> records = new ArrayList<>();
    IntStream.range(0, requests).forEach(number -> records.addAll(signed(number)));
    log.integrate(records);
  }

  private List<Long> all(EntryFilter filter) {
    List<Long> found = new ArrayList<>();
    EntrySearch.Page page = search.find(filter, 0, 70);
    while (true) {
      page.entries().forEach(entry -> found.add(entry.index()));
      if (page.isLast()) {
        return found;
      }
      page = search.find(filter, page.next(), 70);
    }
  }

  private static List<Long> places(int count, java.util.function.LongPredicate which) {
    return LongStream.range(0, count).filter(which).boxed().toList();
  }

  private static EntryFilter filter(String wallet, String actor, Address address, String type) {
    return new EntryFilter(
        Optional.empty(),
        Optional.of(wallet).filter(text -> !text.isEmpty()),
        Optional.of(actor).filter(text -> !text.isEmpty()),
        Optional.of(address).filter(given -> !given.equals(ANYWHERE)),
        Optional.of(type).filter(text -> !text.isEmpty()),
        Optional.empty(),
        Optional.empty());
  }

  private static final Address ANYWHERE = new Address("0x" + "00".repeat(20));

  private static EntryFilter between(EntryFilter filter, int since, int until) {
    return new EntryFilter(
        filter.request(),
        filter.wallet(),
        filter.actor(),
        filter.address(),
        filter.type(),
        Optional.of(BEGIN.plusSeconds(since)),
        Optional.of(BEGIN.plusSeconds(until)));
  }

  private void assertFindsAll(int count) {
    assertThat(all(EntryFilter.ANY)).isEqualTo(places(count, _ -> true));
    assertThat(all(filter("hot-1", "", ANYWHERE, "")))
        .as("a wallet, with what happened later to its requests")
        .isEqualTo(places(count, place -> place / 2 % 2 == 1));
    assertThat(all(filter("", "", EXCHANGE, "")))
        .isEqualTo(places(count, place -> place / 2 % 5 == 0));
    assertThat(all(filter("", "desk-2", ANYWHERE, "")))
        .isEqualTo(places(count, place -> place % 2 == 0 && place / 2 % 3 == 2));
    assertThat(all(filter("hot-0", "pipeline", EXCHANGE, "transaction-signed")))
        .isEqualTo(places(count, place -> place % 2 == 1 && place / 2 % 10 == 0));
    assertThat(all(filter("hot-9", "", ANYWHERE, ""))).isEmpty();
    assertThat(all(between(EntryFilter.ANY, 100, 102)))
        .as("99 was signed, 100 asked for and signed, 101 asked for")
        .containsExactly(199L, 200L, 201L, 202L);
    assertThat(all(between(filter("hot-0", "", ANYWHERE, ""), 100, 102)))
        .containsExactly(200L, 201L);
    assertThat(all(between(EntryFilter.ANY, 90_000, 99_000))).isEmpty();
    var ofRequest =
        new EntryFilter(
            Optional.of(request(101)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(all(ofRequest)).containsExactly(202L, 203L);
  }

  @Test
  void findsTheSameBeforeWhileAndAfterTheIndexKnows() {
    log(200);
    assertFindsAll(400);
    assertThat(indexer.readOn()).isTrue();
    assertThat(indexer.readOn()).as("all is read").isFalse();
    assertFindsAll(400);
    log.integrate(signed(200));
    assertThat(indexer.readOn()).as("two entries are no block").isFalse();
    assertFindsAll(402);
  }

  @Test
  void readsInBlocksWithoutAGap() {
    log(1200);
    assertThat(indexer.readOn()).isTrue();
    assertThat(indexer.readOn()).isTrue();
    assertThat(indexer.readOn()).isFalse();
    assertFindsAll(2400);
    long covered =
        log.unitOfWork.inTransaction(
            transaction ->
                transaction
                    .unwrap(Handle.class)
                    .createQuery("SELECT sum(next_leaf - first_leaf) FROM audit.search_block")
                    .mapTo(Long.class)
                    .one());
    assertThat(covered).isEqualTo(2400);
  }

  @Test
  void goesOnFromAnyPlace() {
    log(10);
    EntrySearch.Page page = search.find(EntryFilter.ANY, 17, 2);
    assertThat(page.entries()).extracting(EntrySearch.Found::index).containsExactly(17L, 18L);
    assertThat(page.next()).isEqualTo(19);
    assertThat(page.isLast()).isFalse();
    assertThat(search.find(EntryFilter.ANY, 20, 2).isLast()).isTrue();
    assertThat(search.find(EntryFilter.ANY, 9_999, 2).entries()).isEmpty();
  }

  @Test
  void theIndexIsAppendOnlyForTheServersLogin() {
    log(200);
    assertThat(indexer.readOn()).isTrue();
    for (String statement :
        List.of(
            "DELETE FROM audit.search_term",
            "UPDATE audit.search_block SET next_leaf = 9999",
            "TRUNCATE audit.search_term")) {
      assertThatThrownBy(
              () ->
                  log.unitOfWork.run(
                      transaction -> transaction.unwrap(Handle.class).execute(statement)))
          .hasMessageContaining("permission denied");
    }
  }
}
