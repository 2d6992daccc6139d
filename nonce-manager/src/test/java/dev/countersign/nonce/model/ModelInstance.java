package dev.countersign.nonce.model;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.blob.BlobSupply;
import dev.countersign.nonce.broadcast.BroadcastSettings;
import dev.countersign.nonce.broadcast.LaneRefusals;
import dev.countersign.nonce.broadcast.PostgresBroadcaster;
import dev.countersign.nonce.broadcast.SteppedBroadcaster;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.lane.LanePauses;
import dev.countersign.nonce.lane.Lanes;
import dev.countersign.nonce.lane.MostInFlight;
import dev.countersign.nonce.lane.PostgresNonceLedger;
import dev.countersign.nonce.model.SimulatedChain.Payload;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.SteppedPools;
import dev.countersign.nonce.testing.TableAudit;
import dev.countersign.nonce.testing.TableRequests;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.nonce.tracking.SteppedTracking;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// One server process of the model: the real ledger, broadcaster and tracker, and what the pipeline
/// does with them; each in steps.
final class ModelInstance {
  private static final Wei TIP = Wei.of(1_000_000_000L);
  private static final BigInteger USUAL_FEE = BigInteger.valueOf(20_000_000_000L);

  private final CrashingUnitOfWork unitOfWork;
  private final InstantSource clock;
  private final SimulatedChain chain;
  private final List<TestAccount> accounts;
  private final TableRequests requests = new TableRequests();
  private final PostgresNonceLedger ledger;
  private final SteppedBroadcaster broadcaster;
  private final SteppedTracking tracking;
  private final Lanes lanes;
  private final ModelReplacements replacements;

  ModelInstance(
      UnitOfWork database,
      ChainDefinitions chains,
      SimulatedNodes nodes,
      SimulatedChain chain,
      List<TestAccount> accounts,
      InstantSource clock,
      UUID name) {
    this.unitOfWork = new CrashingUnitOfWork(database);
    this.chain = chain;
    this.accounts = List.copyOf(accounts);
    this.clock = clock;
    TableAudit audit = new TableAudit();
    var definition = chains.definitions().getFirst();
    NodePools pools = SteppedPools.of(chains, clock, nodes);
    MostInFlight most = MostInFlight.of(chains);
    this.ledger = new PostgresNonceLedger(unitOfWork, pools, most, clock);
    this.lanes = new Lanes(unitOfWork, pools, audit, most, clock);
    this.replacements = new ModelReplacements(unitOfWork, clock, chain, this::signed);
    this.broadcaster =
        new SteppedBroadcaster(
            new PostgresBroadcaster(
                unitOfWork,
                requests,
                audit,
                pools,
                clock,
                BroadcastSettings.DEFAULT,
                new LaneRefusals(unitOfWork, clock),
                BlobSupply.NONE),
            pools.of(definition.id()),
            clock);
    this.tracking =
        new SteppedTracking(unitOfWork, requests, audit, definition, pools, clock, name);
  }

  CrashingUnitOfWork unitOfWork() {
    return unitOfWork;
  }

  Lanes lanes() {
    return lanes;
  }

  ModelReplacements replacements() {
    return replacements;
  }

  /// @return whether a request was admitted; not when its lane takes nothing, or cannot be opened
  boolean admit(Lane lane, SigningRequestId request) {
    if (!ledger.prepare(lane).isEmpty()) {
      return false;
    }
    var account =
        new NonceLedger.Account(
            lane,
            new Wei(BigInteger.TWO.pow(255)),
            new Nonce(SimulatedChain.mined(chain.blocks(), lane.address())));
    return unitOfWork.inTransaction(
        transaction -> {
          NonceLedger.LaneBook book = ledger.lock(transaction, Set.of(account));
          if (book.obstacle(account).isPresent()) {
            return false;
          }
          requests.add(transaction, request, RequestState.ADMITTED);
          book.take(lane, request, BigInteger.ONE);
          book.save();
          return true;
        });
  }

  private record Admitted(SigningRequestId request, Lane lane, Nonce nonce) {}

  /// Takes one that is admitted all the way to its signature, or to its failure.
  ///
  /// @return whether there was one
  boolean sign(Lane lane, int which, boolean fails) {
    Optional<Admitted> chosen =
        unitOfWork.inTransaction(t -> admitted(t.unwrap(Handle.class), lane, which));
    if (chosen.isEmpty()) {
      return false;
    }
    Admitted admitted = chosen.get();
    if (fails) {
      unitOfWork.run(
          transaction -> {
            var move = new RequestMove.Fail(admitted.request(), clock.instant(), "a test");
            if (!requests.move(transaction, List.of(move)).isEmpty()) {
              ledger.release(transaction, Set.of(admitted.request()));
            }
          });
      return true;
    }
    SignedTransaction signed = signed(admitted.lane(), original(admitted));
    unitOfWork.run(
        transaction -> {
          var move = new RequestMove.Sign(admitted.request(), clock.instant(), signed.hash());
          if (!requests.move(transaction, List.of(move)).isEmpty()) {
            ledger.recordSigned(
                transaction, List.of(new NonceLedger.Signed(admitted.request(), signed)));
          }
        });
    return true;
  }

  private static Optional<Admitted> admitted(Handle handle, Lane lane, int which) {
    return handle
        .createQuery(
            """
            SELECT request_id, nonce FROM nonce.transaction
            WHERE chain = :chain AND address = :address AND state = 'OWNED'
            ORDER BY nonce OFFSET :which LIMIT 1
            """)
        .bind("chain", lane.chain().caip2())
        .bind("address", lane.address().hex())
        .bind("which", which)
        .map(
            (row, context) ->
                new Admitted(
                    new SigningRequestId(row.getObject("request_id", UUID.class)),
                    lane,
                    new Nonce(row.getLong("nonce"))))
        .findOne();
  }

  /// What a request asks for is like no other's.
  private UnsignedTransaction original(Admitted admitted) {
    var value = Wei.of(1 + (admitted.request().value().getLeastSignificantBits() >>> 1));
    return transfer(admitted.lane(), admitted.nonce(), value);
  }

  private UnsignedTransaction transfer(Lane lane, Nonce nonce, Wei value) {
    Wei fee = new Wei(USUAL_FEE.max(chain.leastFee()));
    return new UnsignedTransaction(
        lane.chain(),
        nonce,
        new Fees(TIP, fee, GasLimit.TRANSFER),
        new CallEncoder.Call(lane.address(), value, Bytes.EMPTY));
  }

  /// What somebody else signs with the key.
  SignedTransaction foreign(Lane lane, Nonce nonce) {
    return signed(transfer(lane, nonce, Wei.of(0)), lane.address(), false);
  }

  private SignedTransaction signed(Lane lane, UnsignedTransaction unsigned) {
    return signed(unsigned, lane.address(), true);
  }

  private SignedTransaction signed(UnsignedTransaction unsigned, Address address, boolean ours) {
    TestAccount account =
        accounts.stream().filter(one -> one.address().equals(address)).findFirst().orElseThrow();
    SignedTransaction signed = account.sign(unsigned);
    chain.know(new Payload(signed.hash(), address, unsigned, ours));
    return signed;
  }

  /// Its account has delegated code: one transaction at a time.
  void single(Lane lane) {
    unitOfWork.run(
        t ->
            LanePauses.single(
                t.unwrap(Handle.class), lane, clock.instant().plus(Duration.ofDays(1))));
  }

  void broadcast() {
    broadcaster.step();
  }

  void track() {
    tracking.step();
  }
}
