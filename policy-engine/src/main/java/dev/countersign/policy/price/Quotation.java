package dev.countersign.policy.price;

import dev.countersign.core.price.CurrencyCode;

/// A currency to count in, and by whose prices.
public record Quotation(CurrencyCode currency, PriceTerms terms) {}
