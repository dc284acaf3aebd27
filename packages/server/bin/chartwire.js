#!/usr/bin/env node
// The `chartwire` command: runs cli/main in this process if it is the pinned Node.js, else in one that is.
import { endWithParent, fileOf, isRunning, keepCompiledCode, MAIN, pinnedNode, runInstead } from './pinned-node.js';

process.title = 'chartwire';
endWithParent();
const node = pinnedNode();
if (isRunning(node)) {
  keepCompiledCode();
  await import(`../${MAIN}`);
} else {
  runInstead(node, ['--title=chartwire', fileOf(MAIN), ...process.argv.slice(2)]);
}
