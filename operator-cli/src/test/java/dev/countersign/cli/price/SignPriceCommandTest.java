package dev.countersign.cli.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.cli.Countersign;
import dev.countersign.cli.ExitCode;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.price.SignedPrice;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignPriceCommandTest {
  @TempDir private Path directory;
  private String out = "";
  private String err = "";

  private int run(Object... arguments) {
    var said = new StringWriter();
    var complained = new StringWriter();
    int code =
        Countersign.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(complained))
            .execute(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
    out = said.toString();
    err = complained.toString();
    return code;
  }

  private int sign(String... others) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "price",
                "sign",
                "--feed=desk-a",
                "--currency=USD",
                "--sign-key=" + directory.resolve("feed.key"),
                "--out=" + directory.resolve("price")));
    arguments.addAll(List.of(others));
    return run(arguments.toArray());
  }

  private ApproverKey key() {
    assertThat(run("approver", "new-key", "--out=" + directory.resolve("feed.key")))
        .isEqualTo(ExitCode.OK);
    return ApproverKey.parse(out.strip());
  }

  @Test
  void signsWhatItShows() throws IOException {
    ApproverKey key = key();
    assertThat(sign("--asset=eip155:1/slip44:60", "--price=2600.5", "--as-of=2026-11-23T11:00:00Z"))
        .as(err)
        .isEqualTo(ExitCode.OK);
    SignedPrice signed =
        SignedPrice.parse(Bytes.of(Files.readAllBytes(directory.resolve("price"))));
    assertThat(signed.isSignedBy(key)).isTrue();
    assertThat(out).startsWith(signed.statement().text()).contains("signed by " + key.text());
    assertThat(signed.statement().priceText()).isEqualTo("2600.5");
    assertThat(signed.statement().decimals()).isEqualTo(18);
  }

  @Test
  void refusesWhatIsNoPrice() {
    key();
    assertThat(sign("--asset=eip155:1/slip44:60", "--price=2600.50")).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("price: expected a number above 0");
    assertThat(
            sign("--asset=eip155:1/erc20:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48", "--price=1"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("a token's price needs its --decimals");
    assertThat(Files.exists(directory.resolve("price"))).isFalse();
  }
}
