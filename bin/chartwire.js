#!/usr/bin/env node
// The `chartwire` command: runs src/cli/main.ts in this process if it is the pinned Node.js, else in one that is.
import { fileOf, isRunning, keepCompiledCode, pinnedNode, runInstead } from './pinned-node.js';

process.title = 'chartwire';
const node = pinnedNode();
if (isRunning(node)) {
  keepCompiledCode();
  await import('../src/cli/main.ts');
} else {
  runInstead(node, ['--title=chartwire', fileOf('src/cli/main.ts'), ...process.argv.slice(2)]);
}
