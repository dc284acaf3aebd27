// Loaded into a process that the launcher started: ends it in order when the launcher was killed and could not say so.
import { keepCompiledCode } from './pinned-node.js';

keepCompiledCode();
if (process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // The channel is there to break, not to keep a finished program alive.
  process.channel.unref();
}
