package dev.countersign.server.grpc;

import dev.countersign.api.v1.BalanceObservation;
import dev.countersign.api.v1.ListBalanceChangesRequest;
import dev.countersign.api.v1.ListBalanceChangesResponse;
import dev.countersign.api.v1.ListBalancesRequest;
import dev.countersign.api.v1.ListBalancesResponse;
import dev.countersign.api.v1.WalletBalance;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.vault.balance.Balances;
import dev.countersign.vault.store.BalanceTable.Filter;
import dev.countersign.vault.store.ObservedBalance;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Balances as the API tells them.
public final class BalanceReading {
  private static final FieldReader FIELDS = new FieldReader("");
  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 500;

  private final Balances balances;

  public BalanceReading(Balances balances) {
    this.balances = balances;
  }

  ListBalancesResponse list(ListBalancesRequest request) {
    return ListBalancesResponse.newBuilder()
        .addAllBalances(
            balances.standing(wallet(request.getWallet()), chain(request.getChain())).stream()
                .map(BalanceReading::of)
                .toList())
        .build();
  }

  ListBalanceChangesResponse changes(ListBalanceChangesRequest request) {
    int size = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
    if (size < 1 || size > LARGEST_PAGE) {
      throw FIELDS.refused(
          "page_size", Code.MALFORMED, "page_size is %d, expected 1 to 500".formatted(size));
    }
    Filter filter =
        new Filter(
            wallet(request.getWallet()),
            chain(request.getChain()),
            request.getUnexplainedOnly(),
            request.getPageToken().isEmpty()
                ? Long.MAX_VALUE
                : FIELDS.read(
                    "page_token", Code.MALFORMED, request.getPageToken(), PageToken::read));
    List<ObservedBalance> found = balances.changes(filter, size + 1);
    var answer = ListBalanceChangesResponse.newBuilder();
    found.stream().limit(size).map(BalanceReading::of).forEach(answer::addChanges);
    if (found.size() > size) {
      answer.setNextPageToken(Long.toString(found.get(size - 1).number()));
    }
    return answer.build();
  }

  private static Optional<WalletId> wallet(String text) {
    return optional("wallet", text, WalletId::new);
  }

  private static Optional<ChainId> chain(String text) {
    return optional("chain", text, ChainId::new);
  }

  private static <T> Optional<T> optional(String field, String text, Function<String, T> parse) {
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(FIELDS.read(field, Code.MALFORMED, text, parse));
  }

  private static WalletBalance of(Balances.Standing standing) {
    return WalletBalance.newBuilder()
        .setObservation(of(standing.balance()))
        .setConfirmedBlock(standing.seen().block().number())
        .setConfirmedBlockHash(standing.seen().block().hash().hex())
        .setConfirmedTime(RequestMessages.timestamp(standing.seen().at()))
        .build();
  }

  private static BalanceObservation of(ObservedBalance balance) {
    var message =
        BalanceObservation.newBuilder()
            .setWallet(balance.wallet().value())
            .setAsset(balance.asset().toString())
            .setAmount(balance.amount().toString())
            .setBlock(balance.block().number())
            .setBlockHash(balance.block().hash().hex())
            .setTime(RequestMessages.timestamp(balance.at()))
            .setSuperseded(balance.superseded());
    balance
        .expected()
        .ifPresent(
            expected ->
                message
                    .setExpected(expected.toString())
                    .setDifference(balance.difference().toString()));
    balance.since().ifPresent(message::setSinceBlock);
    return message.build();
  }
}
