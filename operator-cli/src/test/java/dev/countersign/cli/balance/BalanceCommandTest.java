package dev.countersign.cli.balance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.BalanceObservation;
import dev.countersign.api.v1.ListBalanceChangesRequest;
import dev.countersign.api.v1.ListBalanceChangesResponse;
import dev.countersign.api.v1.ListBalancesRequest;
import dev.countersign.api.v1.ListBalancesResponse;
import dev.countersign.api.v1.WalletBalance;
import dev.countersign.api.v1.WalletServiceGrpc;
import dev.countersign.cli.testing.FakeServer;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Against a server, over mutual TLS, that has one wallet.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BalanceCommandTest {
  private static final BalanceObservation SPENT =
      BalanceObservation.newBuilder()
          .setWallet("hot-1")
          .setAsset("eip155:1/slip44:60")
          .setAmount("79")
          .setExpected("79")
          .setDifference("0")
          .setBlock(7)
          .setSinceBlock(6)
          .setTime(Timestamp.newBuilder().setSeconds(1_800_000_000))
          .build();
  private static final BalanceObservation MISSING =
      SPENT.toBuilder().setAmount("70").setDifference("-9").setSuperseded(true).build();
  private static final BalanceObservation FIRST =
      SPENT.toBuilder().clearExpected().clearDifference().setBlock(1).build();
  private static final BalanceObservation CAME_IN =
      SPENT.toBuilder().setAmount("80").setDifference("1").build();

  private final Wallets wallets = new Wallets();
  private final FakeServer server;

  private static final class Wallets extends WalletServiceGrpc.WalletServiceImplBase {
    final List<ListBalanceChangesRequest> asked = new CopyOnWriteArrayList<>();

    @Override
    public void listBalances(
        ListBalancesRequest request, StreamObserver<ListBalancesResponse> answer) {
      answer.onNext(
          ListBalancesResponse.newBuilder()
              .addBalances(
                  WalletBalance.newBuilder()
                      .setObservation(SPENT)
                      .setConfirmedBlock(12)
                      .setConfirmedTime(Timestamp.newBuilder().setSeconds(1_800_000_060)))
              .build());
      answer.onCompleted();
    }

    @Override
    public void listBalanceChanges(
        ListBalanceChangesRequest request, StreamObserver<ListBalanceChangesResponse> answer) {
      asked.add(request);
      answer.onNext(
          ListBalanceChangesResponse.newBuilder()
              .addAllChanges(List.of(MISSING, CAME_IN, SPENT, FIRST))
              .build());
      answer.onCompleted();
    }
  }

  BalanceCommandTest(@TempDir Path home) throws IOException {
    server = new FakeServer(home, "custodian", wallets);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private List<String> lines(String... command) {
    var said = server.run(command);
    assertThat(said.exitCode()).as(said.err()).isZero();
    return said.out().lines().map(line -> line.replaceAll(" {2,}", " | ")).toList();
  }

  @Test
  void listsWhatWalletsHave() {
    assertThat(lines("balance", "list"))
        .containsExactly(
            "WALLET | ASSET | AMOUNT | SINCE BLOCK | LAST CHANGE | BLOCK | READ AT",
            "hot-1 | eip155:1/slip44:60 | 79 | 7 | explained | 12 | 2027-01-15T08:01:00Z");
  }

  @Test
  void listsWhatChangedAndSaysWhatIsMissing() {
    assertThat(lines("balance", "changes", "--wallet", "hot-1", "--unexplained", "--most", "4"))
        .extracting(line -> line.replaceFirst("^[^|]*\\| ", ""))
        .containsExactly(
            "WALLET | ASSET | AMOUNT | EXPECTED | CHANGE | BLOCK",
            "hot-1 | eip155:1/slip44:60 | 70 | 79 | 9 UNEXPLAINED | 7 (replaced)",
            "hot-1 | eip155:1/slip44:60 | 80 | 79 | 1 came in | 7",
            "hot-1 | eip155:1/slip44:60 | 79 | 79 | explained | 7",
            "hot-1 | eip155:1/slip44:60 | 79 | - | first seen | 1");
    assertThat(wallets.asked)
        .singleElement()
        .isEqualTo(
            ListBalanceChangesRequest.newBuilder()
                .setWallet("hot-1")
                .setUnexplainedOnly(true)
                .setPageSize(4)
                .build());
  }
}
