// Plugins: their packages, how they are built and loaded.

import type { ErrorRow } from '../error-row.ts';

export const PLUGIN_ERRORS = {
  'plugin.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'No plugin is named {name}.',
    next: 'See `chartwire list` for the installed plugins.',
  },
  'plugin.changed': {
    status: 409,
    issue: 'conflict',
    sentence: 'The plugin {name} was changed meanwhile, at another node.',
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
    sentence: 'chartwire.json is not valid: {reason}.',
    next: 'Correct it; `chartwire validate` checks it without installing.',
  },
  'plugin.package': {
    status: 422,
    issue: 'invalid',
    sentence: 'The plugin package cannot be used: {reason}.',
    next: 'Send a gzipped tar of the plugin’s folder, as `chartwire install` does.',
  },
  'plugin.npm-package': {
    status: 422,
    issue: 'invalid',
    sentence: 'The plugin’s npm packages cannot be packed: {reason}.',
    next: 'Install each in the plugin’s own folder, where package.json names it under dependencies, and try again.',
  },
  'plugin.build': {
    status: 422,
    issue: 'processing',
    sentence: 'The plugin does not build: {reason}.',
    next: 'Correct the file and line named in the answer.',
  },
  'plugin.build-stopped': {
    status: 422,
    issue: 'too-costly',
    sentence: 'Building the plugin was stopped: {reason}.',
    next: 'Make it smaller or simpler; `chartwire validate` builds it without installing.',
  },
  'plugin.builder': {
    status: 503,
    issue: 'exception',
    sentence: 'Plugins cannot be built here at the moment: {reason}.',
    next: 'Try again; if it stays so, run `chartwire doctor` on the server and look at its log.',
  },
  'plugin.load': {
    status: 422,
    issue: 'processing',
    sentence: 'The plugin does not load: {reason}.',
    next: 'Correct it; `chartwire validate` loads it without installing.',
  },
} as const satisfies Record<string, ErrorRow>;
