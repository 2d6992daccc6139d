package dev.countersign.cli.price;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.approval.ApprovalKey;
import dev.countersign.cli.approval.KeyChoice;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.price.SignedPrice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign price sign`.
@Command(
    name = "sign",
    description = {
      "Signs what an asset is worth with a feed's key, into a small file for countersign price"
          + " send.",
      "Needs no server. countersign approver new-key makes such a key."
    })
final class SignPriceCommand implements Runnable {
  private static final int NATIVE_DECIMALS = 18;

  @Mixin private KeyChoice key = new KeyChoice();

  @Option(
      names = "--feed",
      required = true,
      paramLabel = "NAME",
      description = "The feed's name in the policy.")
  private String feed = "";

  @Option(
      names = "--asset",
      required = true,
      paramLabel = "CAIP-19",
      description = "Such as eip155:1/slip44:60 for the native asset, or eip155:1/erc20:0x….")
  private String asset = "";

  @Option(
      names = "--decimals",
      paramLabel = "NUMBER",
      description = "The token's decimals; a native asset has 18.")
  private @Nullable Integer decimals;

  @Option(names = "--currency", required = true, paramLabel = "CODE", description = "Such as USD.")
  private String currency = "";

  @Option(
      names = "--price",
      required = true,
      paramLabel = "NUMBER",
      description = "What a whole unit is worth, such as 2600.5.")
  private String price = "";

  @Option(
      names = "--as-of",
      paramLabel = "TIME",
      description = "When it was that, such as 2026-12-01T18:00:00Z. Default: now.")
  private @Nullable Instant asOf;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where to write it; a file that is not there yet.")
  private @Nullable Path out;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    PriceStatement statement = statement();
    try (ApprovalKey own = key.open()) {
      var signed = new SignedPrice(statement, own.sign(statement.canonical().toArray()));
      if (!signed.isSignedBy(own.publicKey())) {
        throw CommandException.unavailable(
            "the key's signature does not verify: its public half belongs to another key");
      }
      write(signed);
      spec.commandLine().getOut().print(statement.text());
      spec.commandLine().getOut().printf("signed by %s: %s%n", own.publicKey().text(), out);
      spec.commandLine().getOut().flush();
    }
  }

  private PriceStatement statement() {
    try {
      AssetId of = AssetId.parse(asset);
      if (decimals == null && !of.isNative()) {
        throw CommandException.usage("a token's price needs its --decimals");
      }
      return new PriceStatement(
          new FeedName(feed),
          of,
          decimals == null ? NATIVE_DECIMALS : decimals,
          new CurrencyCode(currency),
          PriceStatement.parsePrice(price),
          asOf == null ? InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS) : asOf);
    } catch (InvalidValueException e) {
      throw CommandException.usage(LogWords.lines(String.valueOf(e.getMessage())));
    }
  }

  private void write(SignedPrice signed) {
    if (out == null) {
      throw new IllegalStateException("picocli requires --out");
    }
    try {
      Files.write(out, signed.bytes().toArray(), StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw CommandException.unavailable("%s cannot be written: %s".formatted(out, e));
    }
  }
}
