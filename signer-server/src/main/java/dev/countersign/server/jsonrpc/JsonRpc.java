package dev.countersign.server.jsonrpc;

import dev.countersign.core.pipeline.SigningPipeline;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.ChainDirectory;
import dev.countersign.core.port.PayloadLedger;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.TransactionPricer;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.server.access.CallerRefusals;
import dev.countersign.server.access.ClientRegistry;
import dev.countersign.server.access.ClientTokens;
import dev.countersign.server.blob.BlobReading;
import dev.countersign.server.grpc.StrictAnswers;
import dev.countersign.server.settings.Settings;
import dev.countersign.vault.wallet.WalletRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/// Ethereum's JSON-RPC, where the configuration has it served.
public final class JsonRpc implements AutoCloseable {
  private final Optional<JsonRpcListener> listener;

  /// What it is made of.
  public record Parts(
      SigningPipeline pipeline,
      RequestLedger requests,
      PayloadLedger payloads,
      StrictAnswers strict,
      UnitOfWork unitOfWork,
      AuditTrail audit,
      TransactionPricer pricer,
      NodePools nodes,
      BlobReading blobs,
      WalletRegistry wallets,
      ChainDirectory chains,
      ClientTokens tokens,
      CallerRefusals refusals,
      InstantSource clock) {}

  public JsonRpc(Settings settings, Parts parts, String version) {
    WalletAccounts accounts = new WalletAccounts(parts.wallets());
    Submitting submitting =
        new Submitting(
            parts.pipeline(),
            parts.requests(),
            parts.payloads(),
            parts.strict(),
            parts.unitOfWork(),
            parts.audit(),
            parts.clock());
    RpcMethods methods =
        new RpcMethods(
            accounts,
            new Sending(accounts, submitting, parts.pricer(), parts.nodes(), parts.blobs()),
            new MessageSigning(accounts, submitting),
            parts.requests(),
            parts.payloads(),
            new PassThrough(parts.nodes()),
            version);
    this.listener =
        settings
            .jsonRpc()
            .map(
                served ->
                    new JsonRpcListener(
                        served,
                        settings.tls(),
                        parts.refusals(),
                        new RpcAuthentication(
                            new ClientRegistry(settings.clients()),
                            parts.tokens(),
                            parts.refusals(),
                            parts.clock()),
                        new RpcDispatch(methods::call),
                        parts.chains(),
                        parts.blobs()::areTakenOn));
  }

  /// Does nothing when the configuration has it not served.
  ///
  /// @throws IOException when it cannot listen
  public void start() throws IOException {
    if (listener.isPresent()) {
      listener.get().start();
    }
  }

  /// Where it is served, without the path of a chain; nothing when it is not.
  public Optional<String> url() {
    return listener.map(JsonRpcListener::url);
  }

  @Override
  public void close() {
    listener.ifPresent(JsonRpcListener::close);
  }
}
