// Commands that are entered with what they say: the palette finds them by the abbreviations that everybody types.

import { NONE_KNOWN } from '@chartwire/sdk/internal/substances/none-known';

export interface Preset {
  readonly key: string;
  readonly label: string;
  readonly summary: string;
  /** The command it is of. */
  readonly command: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What people call it. */
  readonly also: readonly string[];
}

export const PRESETS: readonly Preset[] = NONE_KNOWN.map(({ key, label, also }) => ({
  key,
  label,
  summary: 'Records that the patient was asked: an Allergy',
  command: 'allergy',
  // By its key alone: the server knows its words and its code.
  fields: { allergy: key },
  also: also.toLowerCase().split('|'),
}));

/** A preset as what the chart enters by a button. */
export function presetCommand(key: string): Pick<Preset, 'command' | 'fields'> {
  const { command, fields } = PRESETS.find((preset) => preset.key === key)!;
  return { command, fields };
}
