#!/usr/bin/env node
// Runs a script with the pinned Node.js, whichever Node.js npm itself runs under: `node bin/node.js test/run.ts`.
import { pinnedNode, runInstead } from './pinned-node.js';

runInstead(pinnedNode(), process.argv.slice(2));
