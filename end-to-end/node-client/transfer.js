// Lands one transfer: node transfer.js SANDBOX_JSON WALLET TO AMOUNT
// Prints one line of JSON when it is confirmed; exits 1 with the server's words when it is not.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const [sandboxFile, wallet, to, amount] = process.argv.slice(2);
const sandbox = JSON.parse(readFileSync(sandboxFile, "utf8"));

const definition = protoLoader.loadSync("countersign/v1/signing_service.proto", {
  includeDirs: [sandbox.protos],
  longs: String,
  enums: String,
  oneofs: true,
});
const { SigningService } = grpc.loadPackageDefinition(definition).countersign.v1;
const client = new SigningService(
  sandbox.grpc.target,
  grpc.credentials.createSsl(
    readFileSync(sandbox.grpc.ca),
    readFileSync(sandbox.grpc.key),
    readFileSync(sandbox.grpc.cert),
  ),
);

const call = (method, message) =>
  new Promise((resolve, reject) => {
    const deadline = new Date(Date.now() + 60_000);
    client[method](message, { deadline }, (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
  });

const minedOn = async (rpc, hash) => {
  const answer = await fetch(rpc, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "eth_getTransactionReceipt",
      params: [hash],
    }),
  });
  return (await answer.json()).result;
};

try {
  const requestId = `node-${randomUUID()}`;
  const chain = sandbox.chains[0];
  const signed = await call("SignTransaction", {
    requestId,
    wallet,
    chain: chain.id,
    nativeTransfer: { to, amount },
  });
  if (signed.request.state === "STATE_DENIED") {
    throw new Error(`denied by ${signed.request.decision.rule}: ${signed.request.decision.reason}`);
  }
  const { request, timedOut } = await call("WaitSigningRequest", {
    requestId,
    until: "STATE_CONFIRMED",
    timeout: { seconds: 50 },
  });
  if (timedOut || request.state !== "STATE_CONFIRMED") {
    throw new Error(`not confirmed but ${request.state} ${request.failure}`);
  }
  const receipt = await minedOn(chain.rpc, request.transactionHash);
  if (receipt?.status !== "0x1" || receipt.to !== to.toLowerCase()) {
    throw new Error(`the chain does not have ${request.transactionHash}`);
  }
  console.log(
    JSON.stringify({
      id: request.id,
      nonce: Number(request.nonce),
      transactionHash: request.transactionHash,
      blockNumber: Number(receipt.blockNumber),
    }),
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  client.close();
}
