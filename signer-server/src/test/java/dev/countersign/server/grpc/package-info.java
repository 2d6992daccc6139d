@NullMarked
package dev.countersign.server.grpc;

import org.jspecify.annotations.NullMarked;
