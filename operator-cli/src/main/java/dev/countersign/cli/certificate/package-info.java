/// A private certificate authority in files: for the sandbox, and to see what a real one must
/// issue.
@NullMarked
package dev.countersign.cli.certificate;

import org.jspecify.annotations.NullMarked;
