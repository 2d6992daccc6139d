package dev.countersign.nonce.node;

import java.util.List;

/// What one endpoint of a pool has answered.
public final class Answered {
  private final Endpoint by;
  private final List<RpcAnswer> answers;

  Answered(Endpoint by, List<RpcAnswer> answers) {
    this.by = by;
    this.answers = List.copyOf(answers);
  }

  /// One for each call, in order.
  public List<RpcAnswer> answers() {
    return answers;
  }

  Endpoint by() {
    return by;
  }

  /// How many errors there are that another node may not have.
  long ownErrors() {
    return answers.stream()
        .filter(
            answer -> answer instanceof RpcAnswer.Failure failure && failure.mayBeOfThisNodeAlone())
        .count();
  }
}
