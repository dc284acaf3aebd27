// What the server tells of plugins, as it declares it.

import type { Static } from 'typebox';
import type * as Shapes from 'chartwire/internal/server/api/shapes';

export type Plugin = Static<typeof Shapes.Plugin>;
export type Preview = Static<typeof Shapes.PluginPreview>;
export type Health = Static<typeof Shapes.PluginHealth>;
export type Runs = Health['runs']['hour'];
export type Variable = Static<typeof Shapes.Variable>;
export type LogLine = Static<typeof Shapes.LogLine>;

export const PLUGINS = '/api/plugins';

/** Milliseconds after which it is looked at again how plugins fare: no event tells of it. */
export const WATCH_MS = 4_000;
