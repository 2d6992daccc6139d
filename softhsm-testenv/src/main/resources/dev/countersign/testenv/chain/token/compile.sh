#!/bin/sh
# Compiles TestToken.sol beside this script into TestToken.bin (creation bytecode, hex) with npm solc
# 0.8.37: optimizer on (200 runs), EVM version cancun, no metadata, so the bytes are reproducible.
# usage: sh compile.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --no-save solc@0.8.37
node -e '
const solc = require("solc"), fs = require("fs"), here = process.argv[1];
const input = {
  language: "Solidity",
  sources: { "TestToken.sol": { content: fs.readFileSync(here + "/TestToken.sol", "utf8") } },
  settings: {
    optimizer: { enabled: true, runs: 200 },
    evmVersion: "cancun",
    metadata: { appendCBOR: false, bytecodeHash: "none" },
    outputSelection: { "*": { TestToken: ["evm.bytecode.object"] } },
  },
};
const output = JSON.parse(solc.compile(JSON.stringify(input)));
for (const e of output.errors ?? []) console.error(e.formattedMessage);
fs.writeFileSync(here + "/TestToken.bin",
  output.contracts["TestToken.sol"].TestToken.evm.bytecode.object + "\n");
' "$here"
