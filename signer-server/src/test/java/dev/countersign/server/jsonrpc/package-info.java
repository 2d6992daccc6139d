@NullMarked
package dev.countersign.server.jsonrpc;

import org.jspecify.annotations.NullMarked;
