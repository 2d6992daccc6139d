package dev.countersign.server.store;

import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.database.SchemaMigration;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Jdbi;

/// A migrated schema `signer`, used as the server's own login uses it.
final class RequestStore {
  static final String LOGIN = "signer_server_it";
  private static final String PASSWORD = "signer-server-it";

  final JdbiUnitOfWork unitOfWork;
  final PostgresRequestLedger ledger;
  final List<RequestMove> heard = new CopyOnWriteArrayList<>();
  final Jdbi owner;
  final Jdbi server;

  RequestStore(PostgresDatabase database) {
    owner = Jdbi.create(database.dataSource());
    owner.useHandle(
        handle ->
            handle.execute(
                """
                DO $$ BEGIN CREATE ROLE %s LOGIN PASSWORD '%s';
                EXCEPTION WHEN duplicate_object THEN NULL; END $$
                """
                    .formatted(LOGIN, PASSWORD)));
    SchemaMigration migration = new SchemaMigration("signer", "dev/countersign/server/migrations");
    migration.run(database.dataSource());
    migration.grantTo(database.dataSource(), LOGIN);
    server = Jdbi.create(database.dataSource(LOGIN, PASSWORD));
    unitOfWork = new JdbiUnitOfWork(server);
    ledger = new PostgresRequestLedger(unitOfWork, heard::addAll);
  }

  void clear() {
    heard.clear();
    owner.useHandle(
        handle ->
            handle.execute("TRUNCATE signer.request, signer.state_change, signer.request_blobs"));
  }

  SigningRequestId register(NewRequest request) {
    unitOfWork.run(tx -> ledger.register(tx, List.of(request)));
    return request.id();
  }

  boolean move(SigningRequestId request, RequestState state, long seconds) {
    return !moveAll(List.of(request), state, seconds).isEmpty();
  }

  Set<SigningRequestId> moveAll(List<SigningRequestId> requests, RequestState state, long seconds) {
    return unitOfWork.inTransaction(
        tx ->
            ledger.move(
                tx, requests.stream().map(id -> Requests.move(id, state, seconds)).toList()));
  }

  List<RequestState> states(SigningRequestId request) {
    return ledger.history(request).stream().map(change -> change.state()).toList();
  }
}
