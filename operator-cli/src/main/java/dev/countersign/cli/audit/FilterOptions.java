package dev.countersign.cli.audit;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.EntryFilter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which entries. All that are given must hold.
final class FilterOptions {
  @Option(
      names = "--request",
      paramLabel = "UUID",
      description = "Of one request, by the id that Countersign gave it.")
  private String request = "";

  @Option(
      names = "--wallet",
      paramLabel = "WALLET",
      description = "About this wallet, and what happened later to the same requests.")
  private String wallet = "";

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      description = "Done by this client, or this component of the service.")
  private String actor = "";

  @Option(
      names = "--address",
      paramLabel = "0x…",
      description = "Naming this address, and what happened later to the same requests.")
  private String address = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Of this type, such as request-denied (docs/LOG_FORMAT.md).")
  private String type = "";

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "At this time or later: 2026-11-22, or 2026-11-22T18:41:00Z; UTC.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "Before this time; UTC.")
  private @Nullable String until;

  EntryFilter filter() {
    var filter =
        EntryFilter.newBuilder()
            .setRequest(request)
            .setWallet(wallet)
            .setActor(actor)
            .setAddress(address)
            .setType(type);
    if (since != null) {
      filter.setSince(timestamp("--since", since));
    }
    if (until != null) {
      filter.setUntil(timestamp("--until", until));
    }
    return filter.build();
  }

  /// Whether there is none.
  boolean isEmpty() {
    return filter().equals(EntryFilter.getDefaultInstance());
  }

  private static Timestamp timestamp(String option, String text) {
    var at = UtcTime.parse(option, text);
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }
}
