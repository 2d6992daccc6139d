/// Requests, transactions and policies that tests are made of.
@NullMarked
package dev.countersign.policy.sample;

import org.jspecify.annotations.NullMarked;
