package dev.countersign.core.pipeline;

import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Broadcaster;
import dev.countersign.core.port.ChainDirectory;
import dev.countersign.core.port.Freezes;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.PolicyEngine;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.TransactionPricer;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.port.WalletDirectory;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Everything the pipeline is made of.
///
/// @param random for request ids; safe for concurrent use
public record PipelineParts(
    UnitOfWork unitOfWork,
    RequestLedger requests,
    WalletDirectory wallets,
    ChainDirectory chains,
    TransactionPricer pricer,
    PolicyEngine policy,
    Freezes freezes,
    NonceLedger nonces,
    KeyBackends backends,
    AuditTrail audit,
    Broadcaster broadcaster,
    InstantSource clock,
    RandomGenerator random) {}
