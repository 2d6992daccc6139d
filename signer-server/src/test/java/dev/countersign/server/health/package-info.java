@NullMarked
package dev.countersign.server.health;

import org.jspecify.annotations.NullMarked;
