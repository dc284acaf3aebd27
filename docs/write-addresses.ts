// Writes packages/client/src/client/addresses.ts from the contract: what the client has of it at run time. `npm run docs` runs it.

import { readFileSync, writeFileSync } from 'node:fs';
import { CONTRACT } from '#contract/index.ts';
import { isRow, type Row, type Rows } from '#contract/row.ts';

const file = new URL('../packages/client/src/client/addresses.ts', import.meta.url);

/** What the file should hold. */
export function addressesText(): string {
  return `// Where each row of the contract is. Written by \`npm run docs\`: a browser that calls the API need not have its schemas.

import type { Contract } from '#contract/index.ts';
import type { AddressesOf } from './address.ts';

export const ADDRESSES: AddressesOf<Contract> = ${objectText(CONTRACT, 1)};
`;
}

export function areAddressesStale(): boolean {
  return readFileSync(file, 'utf8') !== addressesText();
}

export function writeAddresses(): void {
  writeFileSync(file, addressesText());
}

function objectText(rows: Rows, depth: number): string {
  const indent = '  '.repeat(depth);
  const lines = Object.entries(rows).map(([name, member]) => {
    const text = isRow(member) ? `'${addressOf(member)}'` : objectText(member, depth + 1);
    return `${indent}${name}: ${text},\n`;
  });
  return `{\n${lines.join('')}${'  '.repeat(depth - 1)}}`;
}

function addressOf({ method, path, answer }: Row): string {
  return `${answer.messages ? 'stream ' : answer.type ? 'file ' : ''}${method} ${path}`;
}
