/// `countersign request`: ask a running server for signatures.
@NullMarked
package dev.countersign.cli.request;

import org.jspecify.annotations.NullMarked;
