/// The configuration file: what it may say, read strictly. Every key is in docs/CONFIGURATION.md.
@NullMarked
package dev.countersign.server.settings;

import org.jspecify.annotations.NullMarked;
