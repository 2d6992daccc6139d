package dev.countersign.server.grpc;

import dev.countersign.api.v1.GetShadowRequest;
import dev.countersign.api.v1.GetShadowResponse;
import dev.countersign.api.v1.Shadow;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.shadow.ShadowDifference;
import dev.countersign.policy.shadow.ShadowStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The calls about drafts in shadow mode.
public final class Shadowing {
  private static final int DEFAULT_PAGE = 50;
  private static final int LARGEST_PAGE = 500;
  private static final FieldReader FIELDS = new FieldReader("");

  private final UnitOfWork unitOfWork;
  private final ShadowStore store;
  private final RequestLedger requests;
  private final InstantSource clock;

  public Shadowing(
      UnitOfWork unitOfWork, ShadowStore store, RequestLedger requests, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.store = store;
    this.requests = requests;
    this.clock = clock;
  }

  /// @param document a policy that can be read
  Shadow start(byte[] document, String by) {
    return unitOfWork
        .inTransaction(
            transaction ->
                store.start(transaction, UUID.randomUUID(), document, by, clock.instant()))
        .map(ReplayMessages::shadow)
        .orElseThrow(
            () ->
                FIELDS.refused(
                    "document",
                    Code.ALREADY_EXISTS,
                    "another draft is in shadow mode: stop it first"));
  }

  Shadow stop() {
    return unitOfWork
        .inTransaction(transaction -> store.stop(transaction, clock.instant()))
        .map(ReplayMessages::shadow)
        .orElseThrow(() -> FIELDS.refused("", Code.NOT_FOUND, "no draft is in shadow mode"));
  }

  GetShadowResponse report(GetShadowRequest request) {
    int size = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
    if (size < 1 || size > LARGEST_PAGE) {
      throw FIELDS.refused(
          "page_size", Code.MALFORMED, "page_size is %d, expected 1 to 500".formatted(size));
    }
    Optional<UUID> id =
        request.getId().isEmpty()
            ? Optional.empty()
            : Optional.of(FIELDS.read("id", Code.MALFORMED, request.getId(), Shadowing::uuid));
    Optional<SigningRequestId> before =
        request.getPageToken().isEmpty()
            ? Optional.empty()
            : Optional.of(
                FIELDS.read(
                    "page_token", Code.MALFORMED, request.getPageToken(), SigningRequestId::parse));
    return unitOfWork.inTransaction(
        transaction -> {
          var shadow =
              store
                  .find(transaction, id)
                  .orElseThrow(
                      () -> FIELDS.refused("id", Code.NOT_FOUND, "there is no such shadow"));
          List<ShadowDifference> page = store.differences(transaction, shadow.id(), before, size);
          Map<SigningRequestId, SigningRequest> known =
              requests
                  .findAll(
                      transaction,
                      page.stream().map(ShadowDifference::request).collect(Collectors.toSet()))
                  .stream()
                  .collect(Collectors.toMap(SigningRequest::id, Function.identity()));
          return GetShadowResponse.newBuilder()
              .setShadow(ReplayMessages.shadow(shadow))
              .addAllDifferences(
                  page.stream()
                      .map(
                          difference ->
                              ReplayMessages.difference(
                                  difference, Optional.ofNullable(known.get(difference.request()))))
                      .toList())
              .setNextPageToken(page.size() < size ? "" : page.getLast().request().toString())
              .build();
        });
  }

  private static UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw InvalidValueException.of("id", text, "a UUID");
    }
  }
}
