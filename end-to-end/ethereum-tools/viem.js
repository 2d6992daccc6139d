// What a program written for viem does against any node: URL TOKEN TO
import { createPublicClient, createWalletClient, http, verifyMessage, verifyTypedData } from "viem";

const [url, token, to] = process.argv.slice(2);
const transport = http(url, {
  fetchOptions: { headers: { Authorization: `Bearer ${token}` } },
  retryCount: 0,
});
const reader = createPublicClient({ transport, pollingInterval: 100 });
const id = await reader.getChainId();
const chain = {
  id,
  name: "test",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [url] } },
};
const [account] = await createWalletClient({ transport }).getAddresses();
const wallet = createWalletClient({ account, chain, transport });

const hash = await wallet.sendTransaction({ to, value: 1002n });
const receipt = await reader.waitForTransactionReceipt({ hash });

const typedData = {
  domain: { name: "Shop", chainId: id },
  types: { Order: [{ name: "maker", type: "address" }, { name: "amount", type: "uint256" }] },
  primaryType: "Order",
  message: { maker: to, amount: 7n },
};
const typed = await wallet.signTypedData(typedData);
const personal = await wallet.signMessage({ message: "log in" });

let denial = "";
try {
  await wallet.sendTransaction({ to, value: 10n ** 19n });
} catch (error) {
  denial = error.message;
}

console.log(
  JSON.stringify({
    account,
    status: receipt.status === "success" ? 1 : 0,
    personal: (await verifyMessage({ address: account, message: "log in", signature: personal }))
      ? account
      : "another",
    typed: (await verifyTypedData({ address: account, ...typedData, signature: typed }))
      ? account
      : "another",
    denial,
  }),
);
