// What a script that deploys a token does against any node: URL TOKEN TO
import { readFileSync } from "node:fs";
import { ContractFactory, FetchRequest, JsonRpcProvider } from "ethers";
import solc from "solc";

const [url, token, to] = process.argv.slice(2);

const input = {
  language: "Solidity",
  sources: { "MyToken.sol": { content: readFileSync("MyToken.sol", "utf8") } },
  settings: {
    optimizer: { enabled: true },
    outputSelection: { "MyToken.sol": { MyToken: ["abi", "evm.bytecode.object"] } },
  },
};
const compiled = JSON.parse(
  solc.compile(JSON.stringify(input), {
    import: (path) => ({ contents: readFileSync(`node_modules/${path}`, "utf8") }),
  }),
);
const problems = (compiled.errors ?? []).filter((problem) => problem.severity === "error");
if (problems.length > 0) {
  throw new Error(problems.map((problem) => problem.formattedMessage).join("\n"));
}
const { abi, evm } = compiled.contracts["MyToken.sol"].MyToken;

const request = new FetchRequest(url);
request.setHeader("Authorization", `Bearer ${token}`);
const provider = new JsonRpcProvider(request);
provider.pollingInterval = 100;
const signer = await provider.getSigner(0);

const deployed = await new ContractFactory(abi, evm.bytecode.object, signer).deploy(1_000_000n);
await deployed.waitForDeployment();
const transfer = await deployed.transfer(to, 7n);
const receipt = await transfer.wait();

console.log(
  JSON.stringify({
    contract: await deployed.getAddress(),
    status: receipt.status,
    mine: (await deployed.balanceOf(signer.address)).toString(),
    theirs: (await deployed.balanceOf(to)).toString(),
  }),
);
provider.destroy();
