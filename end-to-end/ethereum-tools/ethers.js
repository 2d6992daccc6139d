// What a program written for ethers does against any node: URL TOKEN TO
import { FetchRequest, JsonRpcProvider, verifyMessage, verifyTypedData } from "ethers";

const [url, token, to] = process.argv.slice(2);
const request = new FetchRequest(url);
request.setHeader("Authorization", `Bearer ${token}`);
const provider = new JsonRpcProvider(request);
provider.pollingInterval = 100;
const signer = await provider.getSigner(0);
const { chainId } = await provider.getNetwork();

const sent = await signer.sendTransaction({ to, value: 1001n });
const receipt = await sent.wait();

const accessList = [{ address: to, storageKeys: ["0x" + "01".repeat(32)] }];
const listed = [];
for (const type of [1, 2]) {
  const one = await signer.sendTransaction({ to, value: 1n, type, accessList });
  await one.wait();
  listed.push(await provider.getTransaction(one.hash));
}

const domain = { name: "Shop", chainId };
const types = { Order: [{ name: "maker", type: "address" }, { name: "amount", type: "uint256" }] };
const order = { maker: to, amount: 7n };
const typed = await signer.signTypedData(domain, types, order);
const personal = await signer.signMessage("log in");

let denial = "";
try {
  await signer.sendTransaction({ to, value: 10n ** 19n });
} catch (error) {
  denial = error.message;
}

console.log(
  JSON.stringify({
    account: signer.address,
    status: receipt.status,
    types: listed.map((one) => one.type),
    slots: listed.map((one) => one.accessList[0].storageKeys.length),
    personal: verifyMessage("log in", personal),
    typed: verifyTypedData(domain, types, order, typed),
    denial,
  }),
);
provider.destroy();
