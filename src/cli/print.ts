// How verbs print: columns for people, JSON for programs.

import { Option } from 'commander';

export const jsonOption = (): Option => new Option('--json', 'print JSON');

/** `Examples:` below the help of a verb, each line a command with what it does. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Beside the result, for the person and not for the pipe. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Rows in columns as wide as their widest cell; `none` when there are no rows. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[], none: string): void {
  if (rows.length === 0) {
    tell(none);
    return;
  }
  const all = [headings, ...rows.map((row) => row.map(oneLine))];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  for (const row of all)
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}

/** Text from a server is printed without what would move the cursor or colour the terminal. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\p{Cc}/gu, '');
}
