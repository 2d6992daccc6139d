/// `countersign approve` and what belongs to it: an approver reads a request from its bytes, in
/// words made here, and signs with a key of their own. The server is not believed.
@NullMarked
package dev.countersign.cli.approval;

import org.jspecify.annotations.NullMarked;
