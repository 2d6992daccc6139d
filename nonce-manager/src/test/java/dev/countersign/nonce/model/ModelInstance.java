package dev.countersign.nonce.model;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
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
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// One server process of the model: the real ledger, broadcaster and tracker, and what the pipeline
/// does with them; each in steps.
final class ModelInstance {
  private static final long TIP = 1_000_000_000L;
  private static final BigInteger USUAL_FEE = BigInteger.valueOf(20_000_000_000L);

  private final CrashingUnitOfWork unitOfWork;
  private final InstantSource clock;
  private final UUID name;
  private final ChainId chainId;
  private final SimulatedChain chain;
  private final List<TestAccount> accounts;
  private final SteppedBroadcaster broadcaster;
  private final SteppedTracking tracking;
  private final Lanes lanes;
  private final ModelAdmissions admissions;
  private final ModelSigning signing;
  private final ModelReplacements replacements;

  /// @param before runs before each of its transactions, outside of it
  /// @param name that no other instance has
  ModelInstance(
      UnitOfWork database,
      ChainDefinitions chains,
      SimulatedNodes nodes,
      SimulatedChain chain,
      List<TestAccount> accounts,
      InstantSource clock,
      Runnable before,
      UUID name) {
    this.unitOfWork = new CrashingUnitOfWork(database, before);
    this.chain = chain;
    this.accounts = List.copyOf(accounts);
    this.clock = clock;
    this.name = name;
    this.chainId = chains.definitions().getFirst().id();
    TableRequests requests = new TableRequests();
    TableAudit audit = new TableAudit();
    var definition = chains.definitions().getFirst();
    NodePools pools = SteppedPools.of(chains, clock, nodes);
    MostInFlight most = MostInFlight.of(chains);
    var ledger = new PostgresNonceLedger(unitOfWork, pools, most, clock);
    this.lanes = new Lanes(unitOfWork, pools, audit, most, clock);
    this.admissions =
        new ModelAdmissions(
            unitOfWork, ledger, requests, pools.of(definition.id()), most.on(definition.id()));
    this.signing = new ModelSigning(unitOfWork, requests, ledger, clock, this::original);
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

  ModelSigning signing() {
    return signing;
  }

  ModelReplacements replacements() {
    return replacements;
  }

  /// Prices a request as it is now, and admits it.
  ModelAdmissions.Outcome admit(Lane lane, SigningRequestId request) {
    BigInteger fee = USUAL_FEE.max(chain.leastFee());
    chain.priced(request, fee);
    UnsignedTransaction priced = transfer(lane, new Nonce(0), value(request), fee);
    return admissions.admit(lane, request, priced.mostCost());
  }

  /// What a request asks for is like no other's.
  private static Wei value(SigningRequestId request) {
    return Wei.of(1 + (request.value().getLeastSignificantBits() >>> 1));
  }

  private SignedTransaction original(ModelSigning.Admitted admitted) {
    SigningRequestId request = admitted.request();
    return signed(
        admitted.lane(),
        transfer(admitted.lane(), admitted.nonce(), value(request), chain.priceOf(request)));
  }

  /// No two of them have the same bytes, as no two signatures of several parties have.
  private UnsignedTransaction transfer(Lane lane, Nonce nonce, Wei value, BigInteger fee) {
    return new UnsignedTransaction(
        lane.chain(),
        nonce,
        new Fees(Wei.of(TIP + chain.nextOrdinal()), new Wei(fee), GasLimit.TRANSFER),
        new CallEncoder.Call(lane.address(), value, Bytes.EMPTY));
  }

  /// What somebody else signs with the key.
  SignedTransaction foreign(Lane lane, Nonce nonce, Wei value) {
    BigInteger fee = USUAL_FEE.max(chain.leastFee());
    return signed(transfer(lane, nonce, value, fee), lane.address(), false);
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

  /// However late it comes back to its work: once another follows the chain, it writes nothing.
  void track() {
    unitOfWork.checking(this::followsOrWritesNothing, tracking::step);
  }

  private void followsOrWritesNothing(Transaction transaction) {
    boolean late =
        transaction
            .unwrap(Handle.class)
            .createQuery(
                """
                SELECT pg_current_xact_id_if_assigned() IS NOT NULL AND EXISTS (
                  SELECT FROM nonce.tracker WHERE chain = :chain AND holder <> :name)
                """)
            .bind("chain", chainId.caip2())
            .bind("name", name)
            .mapTo(Boolean.class)
            .one();
    if (late) {
      throw new AssertionError("a tracker wrote although another has its lease");
    }
  }
}
