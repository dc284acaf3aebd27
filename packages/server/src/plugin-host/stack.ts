// Maps stack traces from the bundled script to the author's files.

import { SourceMap, type SourceMapPayload } from 'node:module';

/** Maps the stack traces of one build. */
export class StackMapper {
  readonly #sourceMap: string;
  #map: SourceMap | undefined;

  constructor(sourceMap: string) {
    this.#sourceMap = sourceMap;
  }

  /** The stack with `src/index.ts:12:7` in place of `plugin.js:340:11`, without frames of the loader. */
  map(stack: string): string {
    // Lazy: parsing a map takes milliseconds, and most plugins never throw.
    this.#map ??= new SourceMap(JSON.parse(this.#sourceMap) as SourceMapPayload);
    const lines: string[] = [];
    for (const line of stack.split('\n')) {
      if (line.includes('chartwire-loader.js:')) continue;
      lines.push(
        line.replace(/plugin\.js:(\d+):(\d+)/, (_, row: string, column: string) =>
          this.#at(Number(row), Number(column)),
        ),
      );
    }
    return lines.join('\n');
  }

  #at(row: number, column: number): string {
    const entry = this.#map!.findEntry(row - 1, column - 1);
    return 'originalSource' in entry
      ? `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
      : `plugin.js:${row}:${column}`;
  }
}
