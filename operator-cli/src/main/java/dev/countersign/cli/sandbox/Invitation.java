package dev.countersign.cli.sandbox;

import java.util.List;

/// What a person can do with a sandbox that is up.
final class Invitation {
  private Invitation() {}

  static List<String> to(RunningSandbox sandbox) {
    var folder = sandbox.files().folder();
    return List.of(
        """
        It stays up until Ctrl-C. In another terminal:
          ./countersign wallet list
          ./countersign request sign --wallet hot-1 --to %s --amount 0.1ether
          ./countersign policy active --out policy.yaml
          ./countersign policy propose policy.yaml     # once it is another one
          ./countersign policy approve PROPOSAL --approver %s --sign-key %s
        Programs find all they need in %s
          gRPC      127.0.0.1:%d, mutual TLS 1.3, protos in %s
          metrics   http://127.0.0.1:%d/prometheus
          policy    %s
          logs      %s\
        """
            .formatted(
                PolicyFile.EXCHANGE,
                Founder.NAME,
                folder.founderKey(),
                folder.home().resolve("sandbox.json"),
                sandbox.files().grpcPort(),
                folder.protos(),
                sandbox.files().httpPort(),
                folder.policyFile(),
                folder.home().resolve("logs")));
  }
}
