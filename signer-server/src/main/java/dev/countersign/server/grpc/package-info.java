/// The gRPC face: messages to domain values and back, and errors as the API documents them.
@NullMarked
package dev.countersign.server.grpc;

import org.jspecify.annotations.NullMarked;
