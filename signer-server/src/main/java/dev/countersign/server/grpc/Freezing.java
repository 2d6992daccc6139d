package dev.countersign.server.grpc;

import dev.countersign.api.v1.FreezeRequest;
import dev.countersign.api.v1.FreezeResponse;
import dev.countersign.api.v1.ListFreezesResponse;
import dev.countersign.api.v1.ThawRequest;
import dev.countersign.api.v1.ThawResponse;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.freeze.FreezeId;
import dev.countersign.core.freeze.FreezeReason;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.policy.freeze.FreezeStore;
import dev.countersign.policy.freeze.FreezeStore.Thawing;
import dev.countersign.policy.freeze.PostgresFreezes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// The calls of AdminService that freeze, and lift freezes. Safe for concurrent use.
public final class Freezing {
  private static final FieldReader FIELDS = new FieldReader("");

  private final UnitOfWork unitOfWork;
  private final FreezeStore store;
  private final PostgresFreezes freezes;
  private final StrictAnswers strict;
  private final InstantSource clock;

  public Freezing(
      UnitOfWork unitOfWork,
      FreezeStore store,
      PostgresFreezes freezes,
      StrictAnswers strict,
      InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.store = store;
    this.freezes = freezes;
    this.strict = strict;
    this.clock = clock;
  }

  FreezeResponse freeze(Actor by, FreezeRequest request) {
    FreezeScope scope =
        FIELDS.read("scope", Code.MALFORMED, request.getScope(), FreezeScope::parse);
    FreezeReason reason =
        FIELDS.read("reason", Code.MALFORMED, request.getReason(), FreezeReason::new);
    FreezeStore.Frozen frozen =
        unitOfWork.inTransaction(
            transaction -> store.freeze(transaction, scope, reason, by, clock.instant()));
    strict.await(Set.of("scope-frozen"));
    return FreezeResponse.newBuilder()
        .setFreeze(FreezeMessages.of(frozen.freeze()))
        .setCreated(frozen.isNew())
        .build();
  }

  ListFreezesResponse list() {
    return ListFreezesResponse.newBuilder()
        .addAllFreezes(
            unitOfWork.inTransaction(freezes::look).freezes().stream()
                .map(FreezeMessages::of)
                .toList())
        .build();
  }

  ThawResponse thaw(Actor by, ThawRequest request) {
    FreezeId id = FIELDS.read("freeze", Code.MALFORMED, request.getFreeze(), FreezeId::parse);
    Instant expires = expires(request);
    List<Bytes> approvals =
        request.getApprovalsList().stream()
            .map(approval -> Bytes.of(approval.toByteArray()))
            .toList();
    Thawing thawing =
        unitOfWork.inTransaction(
            transaction -> store.thaw(transaction, id, expires, approvals, by, clock.instant()));
    var freeze =
        switch (thawing) {
          case Thawing.Thawed thawed -> thawed.freeze();
          case Thawing.AlreadyThawed already -> already.freeze();
          case Thawing.Unknown _ ->
              throw FIELDS.refused("freeze", Code.NOT_FOUND, "there never was a freeze " + id);
          case Thawing.Refused(String reason) ->
              throw FIELDS.refused("approvals", Code.QUORUM_REQUIRED, reason);
        };
    strict.await(Set.of("scope-thawed"));
    return ThawResponse.newBuilder().setFreeze(FreezeMessages.of(freeze)).build();
  }

  private static Instant expires(ThawRequest request) {
    if (!request.hasExpireTime()) {
      throw FIELDS.refused("expire_time", Code.MALFORMED, "expire_time is required");
    }
    try {
      return Instant.ofEpochSecond(
          request.getExpireTime().getSeconds(), request.getExpireTime().getNanos());
    } catch (DateTimeException | ArithmeticException e) {
      throw FIELDS.refused("expire_time", Code.MALFORMED, "expire_time is no time: " + e);
    }
  }
}
