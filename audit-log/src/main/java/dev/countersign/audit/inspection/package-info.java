/// Looks at the tables of a log from outside of a server, for the command line.
@NullMarked
package dev.countersign.audit.inspection;

import org.jspecify.annotations.NullMarked;
