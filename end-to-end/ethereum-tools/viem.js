// What a program written for viem does against any node: URL TOKEN TO
import { createPublicClient, createWalletClient, http, verifyMessage, verifyTypedData } from "viem";
import { privateKeyToAccount } from "viem/accounts";

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

const accessList = [{ address: to, storageKeys: ["0x" + "01".repeat(32)] }];
const listed = [];
for (const type of ["eip2930", "eip1559"]) {
  const one = await wallet.sendTransaction({ to, value: 1n, type, accessList });
  await reader.waitForTransactionReceipt({ hash: one });
  listed.push(await reader.getTransaction({ hash: one }));
}

const authority = privateKeyToAccount("0x" + "02".repeat(32));
let refusal = "";
try {
  const authorization = await authority.signAuthorization({ contractAddress: to, chainId: id, nonce: 0 });
  await wallet.sendTransaction({ to, value: 1n, authorizationList: [authorization] });
} catch (error) {
  refusal = error.message;
}

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
    types: listed.map((one) => Number(one.typeHex)),
    slots: listed.map((one) => one.accessList[0].storageKeys.length),
    refusal,
    personal: (await verifyMessage({ address: account, message: "log in", signature: personal }))
      ? account
      : "another",
    typed: (await verifyTypedData({ address: account, ...typedData, signature: typed }))
      ? account
      : "another",
    denial,
  }),
);
