// Proved by the compiler, never loaded: every command and every effect has its builder. The compiler names those that
// have none below; `npm run docs` writes them.

import type { CommandKey } from '#commands/index.ts';
import type { EffectType } from '#effects/index.ts';
import type { CommandBuilder } from './command-builder.ts';
import type * as commands from './commands.ts';
import type * as effects from './effects.ts';

type None<Missing extends never> = Missing;

type MadeBy<Builders> = {
  [Name in keyof Builders]: Builders[Name] extends (argument: never) => { readonly type: infer Type } ? Type : never;
}[keyof Builders];

export type CommandsWithoutBuilder = None<Exclude<CommandKey, keyof typeof commands>>;
export type EffectsWithoutBuilder = None<
  Exclude<EffectType, MadeBy<typeof effects> | MadeBy<CommandBuilder<CommandKey>>>
>;
