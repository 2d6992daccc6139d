package dev.countersign.nonce.testing;

import dev.countersign.core.decision.Route;
import dev.countersign.core.evm.AccessList;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.BlobStore;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.blob.BlobSupply;
import dev.countersign.nonce.broadcast.BroadcastSettings;
import dev.countersign.nonce.broadcast.ErrorKind;
import dev.countersign.nonce.broadcast.LaneRefusals;
import dev.countersign.nonce.broadcast.PostgresBroadcaster;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.lane.Lanes;
import dev.countersign.nonce.lane.MostInFlight;
import dev.countersign.nonce.lane.PostgresNonceLedger;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeSettings;
import dev.countersign.nonce.tracking.ChainTracking;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/// One server process's worth of this module, and what the pipeline does with it.
public final class Instance implements AutoCloseable {
  private static final NodeSettings IMPATIENT =
      new NodeSettings(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofMillis(200), 100);
  private static final BroadcastSettings EAGER =
      new BroadcastSettings(
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          Duration.ofSeconds(3),
          Duration.ofSeconds(2),
          50);
  private static final Fees FEES =
      new Fees(Wei.of(1_000_000_000L), Wei.of(20_000_000_000L), GasLimit.TRANSFER);

  private final UnitOfWork unitOfWork;
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final TableRequests requests = new TableRequests();
  private final List<ErrorKind> refusals = new CopyOnWriteArrayList<>();
  private final List<String> judged = new CopyOnWriteArrayList<>();
  private final NodePools nodes;
  private final Lanes lanes;
  private final NonceLedger ledger;
  private final PostgresBroadcaster broadcaster;
  private final ChainTracking tracking;

  Instance(UnitOfWork unitOfWork, ChainDefinitions chains) {
    this.unitOfWork = unitOfWork;
    this.nodes = new NodePools(chains, IMPATIENT, clock);
    this.ledger = new PostgresNonceLedger(unitOfWork, nodes, MostInFlight.of(chains), clock);
    TableAudit audit = new TableAudit();
    LaneRefusals pauses = new LaneRefusals(unitOfWork, clock);
    this.lanes = new Lanes(unitOfWork, nodes, audit, MostInFlight.of(chains), clock);
    this.broadcaster =
        new PostgresBroadcaster(
            unitOfWork,
            requests,
            audit,
            nodes,
            clock,
            EAGER,
            (lane, nonce, kind) -> {
              refusals.add(kind);
              pauses.refused(lane, nonce, kind);
            },
            // Those of zeros, which nobody has to store or prove.
            new BlobSupply(
                BlobStore.NONE,
                (blobs, proofs) -> {
                  throw new IllegalStateException("nothing is proven here");
                },
                chains));
    this.tracking =
        new ChainTracking(
            unitOfWork,
            requests,
            audit,
            (transaction, lane, detail) -> judged.add(detail),
            chains,
            nodes,
            clock,
            UUID.randomUUID());
  }

  public UnitOfWork unitOfWork() {
    return unitOfWork;
  }

  public NonceLedger ledger() {
    return ledger;
  }

  /// Why nodes have not taken what it sent, the oldest first.
  public List<ErrorKind> refusals() {
    return List.copyOf(refusals);
  }

  /// How often a node had dropped what was taken before.
  public long dropped() {
    return broadcaster.dropped().values().stream().mapToLong(Long::longValue).sum();
  }

  /// What breakers were told of foreign use of a key.
  public List<String> judged() {
    return List.copyOf(judged);
  }

  public Lanes lanes() {
    return lanes;
  }

  public NodePools nodes() {
    return nodes;
  }

  public Instance broadcasting() {
    broadcaster.start();
    return this;
  }

  public Instance tracking() {
    tracking.start();
    return this;
  }

  /// A request and the nonce it owns.
  public record Owned(SigningRequestId request, Lane lane, Nonce nonce) {}

  /// Made up: an account from which nothing is mined, and which can pay for anything.
  public static NonceLedger.Account rich(Lane lane) {
    return rich(lane, 0);
  }

  /// @param mined how many transactions of it are
  public static NonceLedger.Account rich(Lane lane, long mined) {
    BigInteger most = BigInteger.TWO.pow(255);
    return new NonceLedger.Account(lane, new Wei(most), new Nonce(mined));
  }

  /// A request that takes the next nonce of a lane.
  public Owned request(Transaction transaction, NonceLedger.LaneBook book, Lane lane) {
    return request(transaction, book, lane, Route.open(), false);
  }

  private Owned request(
      Transaction transaction,
      NonceLedger.LaneBook book,
      Lane lane,
      Route route,
      boolean hasBlobs) {
    SigningRequestId request = SigningRequestId.next(clock, random);
    requests.add(transaction, request, RequestState.ADMITTED);
    return new Owned(request, lane, book.take(lane, request, BigInteger.ONE, route, hasBlobs));
  }

  /// Admits `count` requests in one transaction.
  public List<Owned> admit(Lane lane, int count) {
    return admit(lane, count, Route.open());
  }

  /// @param route how they get to the chain
  public List<Owned> admit(Lane lane, int count, Route route) {
    return admit(lane, count, route, false);
  }

  private List<Owned> admit(Lane lane, int count, Route route, boolean hasBlobs) {
    if (!ledger.prepare(lane).isEmpty()) {
      throw new IllegalStateException("the lane cannot be opened");
    }
    return unitOfWork.inTransaction(
        transaction -> {
          List<Owned> owned = new ArrayList<>();
          NonceLedger.LaneBook book = ledger.lock(transaction, Set.of(rich(lane)));
          for (int i = 0; i < count; i++) {
            owned.add(request(transaction, book, lane, route, hasBlobs));
          }
          book.save();
          return owned;
        });
  }

  /// A transfer with the nonce that is owned.
  public static SignedTransaction signed(
      TestAccount account, Owned owned, CallEncoder.Call call, Fees fees) {
    ChainId chain = owned.lane().chain();
    return account.sign(new UnsignedTransaction(chain, owned.nonce(), fees, call));
  }

  /// Settles each with a transfer of one wei to its own sender.
  public void settle(TestAccount account, List<Owned> owned) {
    owned.forEach(
        one -> {
          var call = new CallEncoder.Call(account.address(), Wei.of(1), Bytes.EMPTY);
          settle(one, signed(account, one, call, FEES));
        });
    broadcaster.wake();
  }

  public void settle(Owned owned, SignedTransaction signed) {
    unitOfWork.run(
        transaction -> {
          requests.move(
              transaction,
              List.of(new RequestMove.Sign(owned.request(), clock.instant(), signed.hash())));
          ledger.recordSigned(
              transaction, List.of(new NonceLedger.Signed(owned.request(), signed)));
        });
  }

  /// Admits a request with blobs.
  public Owned admitBlobs(Lane lane) {
    return admit(lane, 1, Route.open(), true).getFirst();
  }

  /// Admits and settles one that carries a blob of zeros.
  public Owned blobs(TestAccount account, ChainId chain) {
    Owned owned = admitBlobs(new Lane(chain, account.address()));
    settle(owned, signedBlobs(account, owned));
    broadcaster.wake();
    return owned;
  }

  public static SignedTransaction signedBlobs(TestAccount account, Owned owned) {
    return account.sign(
        new UnsignedTransaction(
            owned.lane().chain(),
            owned.nonce(),
            FEES,
            new CallEncoder.Call(account.address(), Wei.of(1), Bytes.EMPTY),
            new Envelope.Blobs(
                AccessList.NONE, Wei.of(1_000_000_000L), List.of(BlobSidecar.ZERO_HASH))));
  }

  /// Admits and settles one transfer.
  public Owned transfer(TestAccount account, ChainId chain) {
    return transfer(account, chain, Route.open());
  }

  public Owned transfer(TestAccount account, ChainId chain, Route route) {
    List<Owned> owned = admit(new Lane(chain, account.address()), 1, route);
    settle(account, owned);
    return owned.getFirst();
  }

  @Override
  public void close() {
    broadcaster.close();
    tracking.close();
    nodes.close();
  }
}
