// Plugins: packages, builds, and loading.

import type { ErrorRow } from '../error-row.ts';

export const PLUGIN_ERRORS = {
  'plugin.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'No plugin is named {name}.',
    next: 'See `chartwire list` for the installed plugins.',
  },
  'plugin.not-live': {
    status: 409,
    issue: 'conflict',
    sentence: 'The plugin {name} isn’t live: it is {state}.',
    next: 'Enable it with `chartwire enable {name}`, and try again.',
  },
  'plugin.not-scheduled': {
    status: 404,
    issue: 'not-found',
    sentence: 'The plugin {name} has no handler {handler} with a schedule.',
    next: 'See `chartwire schedule` for the handlers that run on a schedule.',
  },
  'plugin.changed': {
    status: 409,
    issue: 'conflict',
    sentence: 'The plugin {name} was just changed at another node.',
    next: 'See `chartwire list` for what is installed now, and try again.',
  },
  'plugin.variable-not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'The plugin {name} has no variable {key}.',
    next: 'See `chartwire variables list {name}` for its variables.',
  },
  'plugin.manifest': {
    status: 422,
    issue: 'invalid',
    sentence: 'chartwire.json isn’t valid: {reason}.',
    next: 'Correct it. `chartwire validate` checks it without installing it.',
  },
  'plugin.package': {
    status: 422,
    issue: 'invalid',
    sentence: 'The plugin package can’t be used: {reason}.',
    next: 'Send a gzipped tar of the plugin’s folder, as `chartwire install` does.',
  },
  'plugin.npm-package': {
    status: 422,
    issue: 'invalid',
    sentence: 'The plugin’s npm packages can’t be packed: {reason}.',
    next: 'List each under dependencies in the plugin’s package.json, install them in its folder, and try again.',
  },
  'plugin.build': {
    status: 422,
    issue: 'processing',
    sentence: 'The plugin doesn’t build: {reason}.',
    next: 'Correct the file and line named in the answer.',
  },
  'plugin.build-stopped': {
    status: 422,
    issue: 'too-costly',
    sentence: 'Building the plugin was stopped: {reason}.',
    next: 'Make it smaller or simpler. `chartwire validate` builds it without installing it.',
  },
  'plugin.builder': {
    status: 503,
    issue: 'exception',
    sentence: 'This server can’t build plugins right now: {reason}.',
    next: 'Try again. If it keeps failing, run `chartwire doctor` on the server and check its log.',
  },
  'plugin.load': {
    status: 422,
    issue: 'processing',
    sentence: 'The plugin doesn’t load: {reason}.',
    next: 'Correct it. `chartwire validate` loads it without installing it.',
  },
} as const satisfies Record<string, ErrorRow>;
