package dev.countersign.server.grpc;

import dev.countersign.api.v1.LanePause;
import dev.countersign.api.v1.ListLanesRequest;
import dev.countersign.api.v1.ListLanesResponse;
import dev.countersign.api.v1.NonceLane;
import dev.countersign.api.v1.ResumeLaneRequest;
import dev.countersign.api.v1.ResumeLaneResponse;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.FrozenScopes;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.nonce.lane.LaneView;
import dev.countersign.nonce.lane.Lanes;
import dev.countersign.nonce.lane.Lanes.Resumed;
import dev.countersign.policy.freeze.PostgresFreezes;
import dev.countersign.vault.wallet.WalletRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The calls of AdminService about lanes of nonces. Safe for concurrent use.
public final class Laning {
  private static final FieldReader FIELDS = new FieldReader("");

  private final UnitOfWork unitOfWork;
  private final Lanes lanes;
  private final WalletRegistry wallets;
  private final PostgresFreezes freezes;
  private final StrictAnswers strict;

  public Laning(
      UnitOfWork unitOfWork,
      Lanes lanes,
      WalletRegistry wallets,
      PostgresFreezes freezes,
      StrictAnswers strict) {
    this.unitOfWork = unitOfWork;
    this.lanes = lanes;
    this.wallets = wallets;
    this.freezes = freezes;
    this.strict = strict;
  }

  ListLanesResponse list(ListLanesRequest request) {
    Optional<ChainId> chain =
        request.getChain().isEmpty()
            ? Optional.empty()
            : Optional.of(FIELDS.read("chain", Code.MALFORMED, request.getChain(), ChainId::new));
    Map<Address, Wallet> byAddress =
        wallets.list().stream().collect(Collectors.toMap(Wallet::address, Function.identity()));
    FrozenScopes frozen = unitOfWork.inTransaction(freezes::look);
    List<NonceLane> found =
        lanes.list(chain).stream()
            .filter(view -> !request.getPausedOnly() || view.pause().isPresent())
            .map(
                view ->
                    message(
                        view, Optional.ofNullable(byAddress.get(view.lane().address())), frozen))
            .toList();
    return ListLanesResponse.newBuilder().addAllLanes(found).build();
  }

  private static NonceLane message(LaneView view, Optional<Wallet> wallet, FrozenScopes frozen) {
    var message =
        NonceLane.newBuilder()
            .setChain(view.lane().chain().caip2())
            .setAddress(view.lane().address().toString())
            .setWallet(wallet.map(one -> one.id().value()).orElse(""))
            .setNextNonce(view.next().value())
            .addAllFreeNonces(view.free().stream().map(Nonce::value).toList())
            .setInFlight(view.inFlight())
            .setMostInFlight(view.most());
    view.pause()
        .ifPresent(
            pause ->
                message.setPause(
                    LanePause.newBuilder()
                        .setReason(pause.reason().name())
                        .setSince(RequestMessages.timestamp(pause.since()))
                        .setDetail(pause.detail())));
    wallet
        .flatMap(one -> frozen.covering(one, view.lane().chain()))
        .map(Freeze::scope)
        .ifPresent(scope -> message.setFrozenScope(scope.text()));
    return message.build();
  }

  ResumeLaneResponse resume(Actor by, ResumeLaneRequest request) {
    ChainId chain = FIELDS.read("chain", Code.MALFORMED, request.getChain(), ChainId::new);
    WalletId id = FIELDS.read("wallet", Code.MALFORMED, request.getWallet(), WalletId::new);
    Wallet wallet =
        wallets
            .find(id)
            .orElseThrow(
                () -> FIELDS.refused("wallet", Code.UNKNOWN_WALLET, "there is no wallet " + id));
    Lane lane = new Lane(chain, wallet.address());
    return switch (lanes.resume(by, lane)) {
      case Resumed.GoesOn goesOn -> {
        strict.await(Set.of("lane-resumed"));
        yield ResumeLaneResponse.newBuilder()
            .setReason(goesOn.reason().name())
            .setNextNonce(goesOn.next().value())
            .build();
      }
      case Resumed.NotPaused _ ->
          throw FIELDS.refused(
              "wallet", Code.NOT_PAUSED, "the lane of %s on %s is not paused".formatted(id, chain));
      case Resumed.Unknown _ ->
          throw FIELDS.refused(
              "wallet",
              Code.NOT_FOUND,
              "%s has no lane on %s: it never sent anything there".formatted(id, chain));
      case Resumed.Undecided(String detail) ->
          throw FIELDS.refused("chain", Code.NODE_UNAVAILABLE, detail + "; try again");
    };
  }
}
