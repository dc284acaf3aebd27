// How verbs print: columns for people, JSON for programs. All of it passes here, where text of others is made visible.

import { Option } from 'commander';
import { indentJson, printJson as jsonOf } from '@chartwire/sdk/internal/kit/json/print';
import { visibleLine, visibleText } from '@chartwire/sdk/internal/kit/visible';

export const jsonOption = (): Option => new Option('--json', 'print JSON');

/** `Examples:` below the help of a verb, each line a command with what it does. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

export function print(text: string): void {
  process.stdout.write(`${visibleText(text)}\n`);
}

/** Beside the result, for the person and not for the pipe. */
export function tell(text: string): void {
  process.stderr.write(`${visibleText(text)}\n`);
}

export function printJson(value: unknown): void {
  print(indentJson(jsonOf(value)));
}

/** Rows in columns as wide as their widest cell; `none` when there are no rows. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[], none: string): void {
  if (rows.length === 0) {
    tell(none);
    return;
  }
  const all = [headings, ...rows.map((row) => row.map(visibleLine))];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  for (const row of all)
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}
