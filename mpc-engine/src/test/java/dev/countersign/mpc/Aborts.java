package dev.countersign.mpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.mpc.ProtocolAbortException.Reason;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// How a run ends, for tests.
public final class Aborts {
  private Aborts() {}

  public static void banning(Reason reason, Party culprit, ThrowingCallable call) {
    check(reason, Optional.of(culprit), true, call);
  }

  public static void withoutBan(Reason reason, Optional<Party> culprit, ThrowingCallable call) {
    check(reason, culprit, false, call);
  }

  private static void check(
      Reason reason, Optional<Party> culprit, boolean ban, ThrowingCallable call) {
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(call)
        .satisfies(
            abort -> {
              assertThat(abort.reason()).isEqualTo(reason);
              assertThat(abort.culprit()).isEqualTo(culprit);
              assertThat(abort.bansCulprit()).isEqualTo(ban);
            });
  }
}
