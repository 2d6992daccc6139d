package dev.countersign.core.model;

import java.util.regex.Pattern;

/// An asset by its CAIP-19 id: `eip155:1/slip44:60` is the native asset of a chain (the SLIP-44
/// reference is that of Ether on every EVM chain here), `eip155:1/erc20:0x…` a token of it,
/// `eip155:1/erc721:0x…` a collection of tokens that are not alike, whichever standard it follows
/// (ERC-721 or ERC-1155).
public record AssetId(ChainId chain, String asset) implements Comparable<AssetId> {
  private static final String NATIVE = "slip44:60";
  private static final Pattern TOKEN = Pattern.compile("(erc20|erc721):0x[0-9a-f]{40}");

  public AssetId {
    if (!asset.equals(NATIVE) && !TOKEN.matcher(asset).matches()) {
      throw InvalidValueException.of(
          "asset", asset, "slip44:60, erc20:0x or erc721:0x and an address");
    }
  }

  public static AssetId nativeOf(ChainId chain) {
    return new AssetId(chain, NATIVE);
  }

  public static AssetId erc20(ChainId chain, Address token) {
    return new AssetId(chain, "erc20:" + token.hex());
  }

  public static AssetId nft(ChainId chain, Address collection) {
    return new AssetId(chain, "erc721:" + collection.hex());
  }

  /// Reads a CAIP-19 id; the token's address as [Address#parse] takes it.
  public static AssetId parse(String caip19) {
    int slash = caip19.indexOf('/');
    if (slash < 0) {
      throw InvalidValueException.of("asset", caip19, "a CAIP-19 id such as eip155:1/slip44:60");
    }
    ChainId chain = new ChainId(caip19.substring(0, slash));
    String asset = caip19.substring(slash + 1);
    if (asset.startsWith("erc20:")) {
      return erc20(chain, Address.parse(asset.substring("erc20:".length())));
    }
    return asset.startsWith("erc721:")
        ? nft(chain, Address.parse(asset.substring("erc721:".length())))
        : new AssetId(chain, asset);
  }

  public boolean isNative() {
    return asset.equals(NATIVE);
  }

  /// Whether it is a collection of tokens that are not alike.
  public boolean isCollection() {
    return asset.startsWith("erc721:");
  }

  @Override
  public int compareTo(AssetId other) {
    return toString().compareTo(other.toString());
  }

  /// The CAIP-19 id.
  @Override
  public String toString() {
    return chain + "/" + asset;
  }
}
