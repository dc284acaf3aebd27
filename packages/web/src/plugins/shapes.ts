// What the server tells of plugins, as it declares it.

import type { Static } from 'typebox';
import type { OutgoingRequest as OutgoingRequestShape } from '@chartwire/client/internal/contract/outgoing';
import type { LogLine as LogLineShape } from '@chartwire/client/internal/contract/logs';
import type {
  Plugin as PluginShape,
  PluginHealth,
  PluginPreview,
  Variable as VariableShape,
} from '@chartwire/client/internal/contract/plugins';

export type Plugin = Static<typeof PluginShape>;
export type Preview = Static<typeof PluginPreview>;
export type Health = Static<typeof PluginHealth>;
export type Runs = Health['runs']['hour'];
export type Variable = Static<typeof VariableShape>;
export type LogLine = Static<typeof LogLineShape>;
export type OutgoingRequest = Static<typeof OutgoingRequestShape>;

/** Milliseconds after which it is looked at again how plugins fare: no event tells of it. */
export const WATCH_MS = 4_000;
