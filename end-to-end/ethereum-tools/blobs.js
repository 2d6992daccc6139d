// The network form of a transaction with blobs, read and written again by ethers and viem: FILE
import { readFileSync } from "node:fs";
import { Transaction } from "ethers";
import { parseTransaction, serializeTransaction } from "viem";

const bytes = readFileSync(process.argv[2], "utf8");
const theirs = Transaction.from(bytes);
const told = {
  wrapperVersion: theirs.blobWrapperVersion ?? 0,
  blobs: theirs.blobs.length,
  ethers: theirs.serialized === bytes,
};
// viem 2 reads the form of EIP-4844 alone.
if (told.wrapperVersion === 0) {
  const { r, s, yParity, ...transaction } = parseTransaction(bytes);
  told.viem = serializeTransaction(transaction, { r, s, yParity }) === bytes;
}
console.log(JSON.stringify(told));
