// Writes ethers-transactions.json: transactions of every type as ethers encodes, signs and names
// them. Run with ethers 6.17.0 (npm) installed beside it: `node ethers-transactions.mjs`.
import { writeFileSync } from 'node:fs';
import {
  SigningKey,
  Transaction,
  computeAddress,
  concat,
  dataSlice,
  hashAuthorization,
  id,
} from 'ethers';

const KEY = new SigningKey(id('countersign test key'));
const OTHER = new SigningKey(id('another test key'));
let draws = 0;

const word = () => id(`draw ${draws++}`);
const below = (most) => BigInt(word()) % most;
const address = () => dataSlice(word(), 12);
const amount = () => below(1n << (8n * (1n + below(31n))));
const data = (least) => {
  const parts = Array.from({ length: Number(below(5n)) }, word);
  return dataSlice(concat([word(), ...parts]), 0, Math.max(least, 4));
};
const accessList = () =>
  Array.from({ length: Number(below(3n)) }, () => ({
    address: address(),
    storageKeys: Array.from({ length: Number(below(3n)) }, word),
  }));

const chains = [1n, 10n, 137n, 42161n, 11155111n, 4294967295n];

function authorization(chainId) {
  const fields = { chainId, address: address(), nonce: below(1000n) };
  return { ...fields, signature: OTHER.sign(hashAuthorization(fields)) };
}

function transaction(type, chainId, creates) {
  const price = amount() % (1n << 90n);
  const tip = below(price + 1n);
  const fields = {
    type,
    chainId,
    nonce: Number(below(1n << 32n)),
    gasLimit: 21000n + below(30_000_000n),
    to: creates ? null : address(),
    value: amount(),
    data: creates || below(2n) === 0n ? data(creates ? 20 : 4) : '0x',
  };
  if (type <= 1) {
    fields.gasPrice = price;
  } else {
    fields.maxFeePerGas = price;
    fields.maxPriorityFeePerGas = tip;
  }
  if (type >= 1) fields.accessList = accessList();
  if (type === 3) {
    fields.maxFeePerBlobGas = amount();
    fields.blobVersionedHashes = [1, 2].map(() => concat(['0x01', dataSlice(word(), 1)]));
  }
  if (type === 4) fields.authorizationList = [authorization(0n), authorization(chainId)];
  return Transaction.from(fields);
}

const vectors = [];
for (const type of [0, 1, 2, 3, 4]) {
  for (const chainId of chains) {
    for (const creates of type <= 2 ? [false, true] : [false]) {
      const it = transaction(type, chainId, creates);
      const unsigned = it.unsignedSerialized;
      it.signature = KEY.sign(it.unsignedHash);
      vectors.push({
        type,
        chainId: Number(chainId),
        nonce: it.nonce,
        to: it.to,
        value: it.value.toString(),
        unsigned,
        unsignedHash: it.unsignedHash,
        signed: it.serialized,
        hash: it.hash,
        from: it.from,
        ...(type === 4 ? { authority: computeAddress(OTHER) } : {}),
      });
    }
  }
}
writeFileSync('ethers-transactions.json', JSON.stringify(vectors, null, 1) + '\n');
