package dev.countersign.server.grpc;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ListPricesRequest;
import dev.countersign.api.v1.ListPricesResponse;
import dev.countersign.api.v1.Price;
import dev.countersign.api.v1.PriceResult;
import dev.countersign.api.v1.PriceServiceGrpc;
import dev.countersign.api.v1.PublishPricesRequest;
import dev.countersign.api.v1.PublishPricesResponse;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.policy.feed.PriceFeeds;
import dev.countersign.policy.feed.PriceFeeds.Listed;
import dev.countersign.policy.feed.PriceFeeds.Slot;
import dev.countersign.policy.feed.PriceFeeds.Taking;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;

/// `countersign.v1.PriceService`.
public final class PriceGrpc extends PriceServiceGrpc.PriceServiceImplBase {
  private static final FieldReader FIELDS = new FieldReader("");
  private static final int PAGE = 100;
  private static final int LARGEST_PAGE = 1_000;

  private final PriceFeeds feeds;

  public PriceGrpc(PriceFeeds feeds) {
    this.feeds = feeds;
  }

  @Override
  public void publishPrices(
      PublishPricesRequest request, StreamObserver<PublishPricesResponse> answer) {
    int offered = request.getPricesCount();
    if (offered == 0) {
      throw FIELDS.refused("prices", Code.MALFORMED, "prices is required");
    }
    if (offered > PriceFeeds.MOST_PRICES) {
      throw FIELDS.refused(
          "prices",
          Code.TOO_LARGE,
          "prices has %d of them, expected at most %d".formatted(offered, PriceFeeds.MOST_PRICES));
    }
    List<Taking> takings =
        feeds.publish(request.getPricesList().stream().map(PriceGrpc::bytes).toList());
    answer.onNext(
        PublishPricesResponse.newBuilder()
            .addAllResults(takings.stream().map(PriceGrpc::result).toList())
            .build());
    answer.onCompleted();
  }

  private static Bytes bytes(ByteString price) {
    return Bytes.of(price.toByteArray());
  }

  private static PriceResult result(Taking taking) {
    return switch (taking) {
      case Taking.Taken _ -> result(PriceResult.Outcome.OUTCOME_TAKEN, "");
      case Taking.NotNewer _ -> result(PriceResult.Outcome.OUTCOME_NOT_NEWER, "");
      case Taking.Refused(String reason) -> result(PriceResult.Outcome.OUTCOME_REFUSED, reason);
    };
  }

  private static PriceResult result(PriceResult.Outcome outcome, String reason) {
    return PriceResult.newBuilder().setOutcome(outcome).setReason(reason).build();
  }

  @Override
  public void listPrices(ListPricesRequest request, StreamObserver<ListPricesResponse> answer) {
    int size = request.getPageSize() == 0 ? PAGE : request.getPageSize();
    if (size < 1 || size > LARGEST_PAGE) {
      throw FIELDS.refused(
          "page_size",
          Code.MALFORMED,
          "page_size is %d, expected 1 to %d".formatted(size, LARGEST_PAGE));
    }
    Optional<Slot> after =
        request.getPageToken().isEmpty()
            ? Optional.empty()
            : Optional.of(
                FIELDS.check("page_token", Code.MALFORMED, () -> slot(request.getPageToken())));
    List<Listed> listed = feeds.list(after, size);
    var page = ListPricesResponse.newBuilder();
    listed.forEach(one -> page.addPrices(message(one)));
    if (listed.size() == size) {
      page.setNextPageToken(token(listed.getLast().price().statement()));
    }
    answer.onNext(page.build());
    answer.onCompleted();
  }

  /// None of the three has a space in it.
  private static String token(PriceStatement last) {
    return last.feed() + " " + last.asset() + " " + last.currency();
  }

  private static Slot slot(String token) {
    String[] parts = token.split(" ", -1);
    if (parts.length != 3) {
      throw InvalidValueException.of("page_token", token, "the next_page_token of the page before");
    }
    return new Slot(new FeedName(parts[0]), AssetId.parse(parts[1]), new CurrencyCode(parts[2]));
  }

  private static Price message(Listed listed) {
    PriceStatement price = listed.price().statement();
    return Price.newBuilder()
        .setFeed(price.feed().value())
        .setAsset(price.asset().toString())
        .setDecimals(price.decimals())
        .setCurrency(price.currency().value())
        .setPrice(price.priceText())
        .setAsOfTime(RequestMessages.timestamp(price.asOf()))
        .setAuthentic(listed.isAuthentic())
        .setFresh(listed.isFresh())
        .build();
  }
}
