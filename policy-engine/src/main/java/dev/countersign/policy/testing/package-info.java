/// Unit tests of a policy: example requests, the verdicts that are expected of them, and what a
/// policy says of them. Needs no server and no database.
@NullMarked
package dev.countersign.policy.testing;

import org.jspecify.annotations.NullMarked;
