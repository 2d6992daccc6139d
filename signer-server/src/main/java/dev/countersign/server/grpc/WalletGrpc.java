package dev.countersign.server.grpc;

import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateVaultResponse;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.CreateWalletResponse;
import dev.countersign.api.v1.GetWalletRequest;
import dev.countersign.api.v1.GetWalletResponse;
import dev.countersign.api.v1.ListBalanceChangesRequest;
import dev.countersign.api.v1.ListBalanceChangesResponse;
import dev.countersign.api.v1.ListBalancesRequest;
import dev.countersign.api.v1.ListBalancesResponse;
import dev.countersign.api.v1.ListVaultsRequest;
import dev.countersign.api.v1.ListVaultsResponse;
import dev.countersign.api.v1.ListWalletsRequest;
import dev.countersign.api.v1.ListWalletsResponse;
import dev.countersign.api.v1.WalletServiceGrpc;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.server.access.Caller;
import dev.countersign.vault.wallet.NewWallet;
import dev.countersign.vault.wallet.VaultCreation;
import dev.countersign.vault.wallet.VaultRegistry;
import dev.countersign.vault.wallet.WalletCreation;
import dev.countersign.vault.wallet.WalletRegistry;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;

/// `countersign.v1.WalletService`. Asking again for what is there, just as it is, gives it again.
public final class WalletGrpc extends WalletServiceGrpc.WalletServiceImplBase {
  private static final FieldReader FIELDS = new FieldReader("");

  private final VaultRegistry vaults;
  private final WalletRegistry wallets;
  private final KeyBackends backends;
  private final BalanceReading balances;
  private final StrictAnswers strict;

  public WalletGrpc(
      VaultRegistry vaults,
      WalletRegistry wallets,
      KeyBackends backends,
      BalanceReading balances,
      StrictAnswers strict) {
    this.vaults = vaults;
    this.wallets = wallets;
    this.backends = backends;
    this.balances = balances;
    this.strict = strict;
  }

  @Override
  public void createVault(CreateVaultRequest request, StreamObserver<CreateVaultResponse> answer) {
    var asked = WalletMessages.vault(request.getVault(), FIELDS);
    var vault =
        switch (vaults.create(Caller.current().actor(), asked)) {
          case VaultCreation.Created created -> created.vault();
          case VaultCreation.Existing existing -> existing.vault();
          case VaultCreation.Conflict conflict ->
              throw FIELDS.refused(
                  "vault.id",
                  Code.ALREADY_EXISTS,
                  "vault %s is there with tier %s and name \"%s\", and vaults do not change"
                      .formatted(
                          asked.id(), conflict.existing().tier(), conflict.existing().name()));
        };
    strict.await(Set.of("vault-created"));
    answer.onNext(CreateVaultResponse.newBuilder().setVault(WalletMessages.of(vault)).build());
    answer.onCompleted();
  }

  @Override
  public void listVaults(ListVaultsRequest request, StreamObserver<ListVaultsResponse> answer) {
    answer.onNext(
        ListVaultsResponse.newBuilder()
            .addAllVaults(vaults.list().stream().map(WalletMessages::of).toList())
            .build());
    answer.onCompleted();
  }

  @Override
  public void createWallet(
      CreateWalletRequest request, StreamObserver<CreateWalletResponse> answer) {
    WalletId id = FIELDS.read("id", Code.MALFORMED, request.getId(), WalletId::new);
    VaultId vault = FIELDS.read("vault", Code.MALFORMED, request.getVault(), VaultId::new);
    BackendName backend = backend(request.getBackend());
    NewWallet wanted =
        FIELDS.check(
            "name", Code.MALFORMED, () -> new NewWallet(id, vault, request.getName(), backend));
    Wallet wallet = created(wallets.create(Caller.current().actor(), wanted));
    strict.await(Set.of("key-created", "wallet-created"));
    answer.onNext(CreateWalletResponse.newBuilder().setWallet(WalletMessages.of(wallet)).build());
    answer.onCompleted();
  }

  private BackendName backend(String name) {
    List<KeyBackend> all = backends.all();
    return name.isEmpty() && all.size() == 1
        ? all.getFirst().name()
        : FIELDS.read("backend", Code.MALFORMED, name, BackendName::new);
  }

  private static Wallet created(WalletCreation creation) {
    return switch (creation) {
      case WalletCreation.Created created -> created.wallet();
      case WalletCreation.Existing existing -> existing.wallet();
      case WalletCreation.Conflict conflict ->
          throw FIELDS.refused(
              "id",
              Code.ALREADY_EXISTS,
              "wallet %s was asked for with vault %s, backend %s and name \"%s\"; wallets do not change"
                  .formatted(conflict.id(), conflict.vault(), conflict.backend(), conflict.name()));
      case WalletCreation.UnknownVault unknown ->
          throw FIELDS.refused(
              "vault",
              Code.NOT_FOUND,
              "there is no vault " + unknown.vault() + "; create it first");
      case WalletCreation.UnknownBackend unknown ->
          throw FIELDS.refused(
              "backend",
              Code.NOT_FOUND,
              "there is no key backend %s; configured are %s"
                  .formatted(unknown.backend(), unknown.known()));
      case WalletCreation.KeyTaken taken ->
          throw FIELDS.refused(
              "id",
              Code.ALREADY_EXISTS,
              "backend %s has a key %s that this database did not ask for; choose another id"
                  .formatted(taken.backend(), taken.key()));
      case WalletCreation.BackendUnavailable down ->
          throw FIELDS.refused(
              "backend",
              Code.UNAVAILABLE,
              "key backend %s cannot be reached: %s; ask again"
                  .formatted(down.backend(), down.reason()));
    };
  }

  @Override
  public void getWallet(GetWalletRequest request, StreamObserver<GetWalletResponse> answer) {
    WalletId id = FIELDS.read("id", Code.MALFORMED, request.getId(), WalletId::new);
    Wallet wallet =
        wallets
            .find(id)
            .orElseThrow(() -> FIELDS.refused("id", Code.NOT_FOUND, "there is no wallet " + id));
    answer.onNext(GetWalletResponse.newBuilder().setWallet(WalletMessages.of(wallet)).build());
    answer.onCompleted();
  }

  @Override
  public void listWallets(ListWalletsRequest request, StreamObserver<ListWalletsResponse> answer) {
    List<Wallet> found =
        request.getVault().isEmpty()
            ? wallets.list()
            : wallets.list(FIELDS.read("vault", Code.MALFORMED, request.getVault(), VaultId::new));
    answer.onNext(
        ListWalletsResponse.newBuilder()
            .addAllWallets(found.stream().map(WalletMessages::of).toList())
            .build());
    answer.onCompleted();
  }

  @Override
  public void listBalances(
      ListBalancesRequest request, StreamObserver<ListBalancesResponse> answer) {
    answer.onNext(balances.list(request));
    answer.onCompleted();
  }

  @Override
  public void listBalanceChanges(
      ListBalanceChangesRequest request, StreamObserver<ListBalanceChangesResponse> answer) {
    answer.onNext(balances.changes(request));
    answer.onCompleted();
  }
}
