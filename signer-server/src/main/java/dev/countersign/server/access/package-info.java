/// Who may call: mutual TLS, certificates registered to clients, and what their roles let them do.
@NullMarked
package dev.countersign.server.access;

import org.jspecify.annotations.NullMarked;
