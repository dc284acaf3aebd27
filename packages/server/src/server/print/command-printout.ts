// One command on its own: a prescription for the pharmacy, or an order for whoever carries it out.

import type { CommandShape } from '@chartwire/client/internal/contract/command';
import type { NoteShape } from '@chartwire/client/internal/contract/note';
import { isOption } from '@chartwire/sdk/internal/commands/words';
import type { CommandKind } from '@chartwire/sdk/internal/kit/command-kind';
import { commandPart } from './command-part.ts';
import { momentText } from './moment.ts';
import { footOf, type PrintSetting, whoText } from './setting.ts';
import type { Caution, Fact, PrintedPatient, Printout, Warning } from './printout.ts';

export interface PrintedCommand {
  readonly command: CommandShape;
  /** Who committed it, and when. */
  readonly committed: { readonly by: Parameters<typeof whoText>[0]; readonly at: string } | undefined;
  readonly note: Pick<NoteShape, 'title' | 'createdAt'>;
  readonly patient: PrintedPatient;
  readonly answers: readonly Fact[] | undefined;
}

/** For colleagues only, so it isn't printed for others. */
const INTERNAL = 'internalComment';

/**
 * For the pharmacy and other outside readers: leaves out checks, which mention other allergies and drugs, and override reasons,
 * which belong to the note.
 */
function toldOutside(command: CommandShape): CommandShape {
  const { [INTERNAL]: _, ...fields } = command.fields;
  return { ...command, fields, overrides: [], unanswered: [] };
}

export function commandPrintout(printed: PrintedCommand, setting: PrintSetting): Printout {
  const { command, committed, note, patient, answers } = printed;
  const kind = setting.kinds.get(command.command);
  const told = kind?.paper === undefined ? command : toldOutside(command);
  const { caution, heading = '', ...part } = commandPart(told, setting, { answers, adult: patient.adult });
  const title = kind?.paper ?? heading;
  const from = `From the note “${note.title}”, begun ${momentText(note.createdAt, setting.timeZone)}`;
  return {
    title,
    subtitle: committed
      ? `Committed by ${whoText(committed.by)}, ${momentText(committed.at, setting.timeZone)}\n${from}`
      : from,
    patient,
    ...(caution && { caution: warningOf(command.state, caution) }),
    parts: [part],
    attestation: [],
    ...(kind?.paper !== undefined && !caution && { signHere: signerOf(kind, command.fields) ?? 'Signature' }),
    foot: footOf(`${title} ${command.id}, version ${command.version}`, setting),
  };
}

function warningOf(state: string, caution: Caution): Warning {
  return { ...caution, mark: state === 'entered-in-error' ? 'Entered in error' : 'Not committed' };
}

/** The prescriber: the field whose initial value is the author. */
function signerOf({ fields }: CommandKind, values: Readonly<Record<string, unknown>>): string | undefined {
  const [name] = Object.entries(fields).find(([, { initial }]) => initial === 'author') ?? [];
  const signer = name === undefined ? undefined : values[name];
  return isOption(signer) ? signer.text : undefined;
}
