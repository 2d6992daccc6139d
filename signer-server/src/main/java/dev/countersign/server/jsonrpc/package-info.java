/// Ethereum's JSON-RPC (execution-apis, EIP-1474) for wallets that are held here, so that tools
/// that know nothing else can use them. docs/JSON_RPC.md is its reference.
@NullMarked
package dev.countersign.server.jsonrpc;

import org.jspecify.annotations.NullMarked;
