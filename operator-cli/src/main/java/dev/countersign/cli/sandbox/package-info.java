/// `countersign sandbox`: a whole Countersign on this machine, which shows what it does.
@NullMarked
package dev.countersign.cli.sandbox;

import org.jspecify.annotations.NullMarked;
