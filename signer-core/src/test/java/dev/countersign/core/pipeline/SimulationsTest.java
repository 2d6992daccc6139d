package dev.countersign.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.CallEncoder.Call;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.core.port.TransactionPricer.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SimulationsTest {
  private static final Address ACCOUNT = new Address("0x" + "ab".repeat(20));
  private static final Address HANGS = new Address("0x" + "cd".repeat(20));
  private static final Address CONTRACT = new Address("0x" + "ef".repeat(20));
  private static final Answer PRICED = new Answer.Reverts("what it says matters to nobody here");
  private static final ClientId SLOW = new ClientId("slow");
  private static final ClientId OTHER = new ClientId("other");

  @Test
  void aClientWhoseCallsHangKeepsNobodyElseWaiting() throws Exception {
    CountDownLatch running = new CountDownLatch(Simulations.MOST_OF_A_CLIENT);
    CountDownLatch goOn = new CountDownLatch(1);
    Simulations simulations =
        new Simulations(
            questions -> {
              assertThat(questions).as("alone").hasSize(1);
              if (questions.getFirst().call().to().equals(Optional.of(HANGS))) {
                running.countDown();
                await(goOn);
              }
              return List.of(PRICED);
            },
            Duration.ofMillis(50));
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> hanging = new ArrayList<>();
      for (int i = 0; i < Simulations.MOST_OF_A_CLIENT; i++) {
        hanging.add(callers.submit(() -> simulations.ask(SLOW, question(HANGS))));
      }
      await(running);
      assertThat(simulations.ask(OTHER, question(CONTRACT))).isEqualTo(PRICED);
      assertThat(simulations.ask(SLOW, question(CONTRACT)))
          .isInstanceOfSatisfying(
              Answer.NodeUnavailable.class,
              refused -> assertThat(refused.detail()).contains("16 transactions of client slow"));
      goOn.countDown();
      for (Future<Answer> one : hanging) {
        assertThat(one.get()).isEqualTo(PRICED);
      }
      assertThat(simulations.ask(SLOW, question(CONTRACT))).as("there is room").isEqualTo(PRICED);
    }
  }

  private static Question question(Address contract) {
    return new Question(
        ChainId.ofEip155(5),
        ACCOUNT,
        new Call(contract, Wei.ZERO, Bytes.fromHex("0x01020304")),
        Optional.empty());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
