// The entry of the `chartwire` command; bin/chartwire.js starts it under the right Node.js.

import { run } from './program.ts';

// A reader that has seen enough (`chartwire logs | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const code = await run(process.argv.slice(2));
// Connections kept open for a next request would hold the process for seconds.
process.stdout.write('', () => process.exit(code));
