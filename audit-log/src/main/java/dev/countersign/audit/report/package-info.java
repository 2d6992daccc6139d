/// The compliance report of a period: pages and tables made from a verified log, so that whoever
/// has the log makes the same bytes again. Needs the files of a log, no database and no server.
@NullMarked
package dev.countersign.audit.report;

import org.jspecify.annotations.NullMarked;
