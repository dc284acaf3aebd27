// A note on paper: its content in order, entries in error, addenda, and signatures.

import type { CommandShape } from '@chartwire/client/internal/contract/command';
import type { AddendumShape, CosignatureRequestShape, NoteShape } from '@chartwire/client/internal/contract/note';
import { type NoteStep, type Signature, standing } from '@chartwire/sdk/internal/records/signatures';
import { commandPart, errorText } from './command-part.ts';
import { momentText } from './moment.ts';
import type { Fact, Part, PrintedPatient, Printout, Warning } from './printout.ts';
import { footOf, type PrintSetting, whoText } from './setting.ts';

export interface PrintedNote {
  readonly note: NoteShape;
  readonly commands: readonly CommandShape[];
  readonly patient: PrintedPatient;
  /** Questions and answers, by command. */
  readonly answers: ReadonlyMap<string, readonly Fact[]>;
}

export function notePrintout({ note, commands, patient, answers }: PrintedNote, setting: PrintSetting): Printout {
  const { timeZone } = setting;
  const byId = new Map(commands.map((command) => [command.id, command]));
  const lines = note.body.flatMap((line): Part[] => {
    if ('text' in line) return line.text.trim() === '' ? [] : [{ text: line.text }];
    const command = byId.get(line.command);
    return command ? [commandPart(command, setting, { answers: answers.get(command.id), adult: patient.adult })] : [];
  });
  return {
    title: note.title,
    subtitle: `${whoText(note.author)}, begun ${momentText(note.createdAt, timeZone)}`,
    patient,
    ...warningOf(note),
    parts: [
      ...(lines.length === 0 ? [{ text: 'Nothing is written in this note.' }] : lines),
      ...note.addenda.map((addendum) => addendumPart(addendum, timeZone)),
    ],
    attestation: attestationOf(note, timeZone),
    foot: footOf(`Note ${note.id}, version ${note.version}`, setting),
  };
}

/** Warns if the note isn't signed or valid. */
function warningOf(note: NoteShape): { caution?: Warning } {
  const { state, signatures } = note;
  if (state === 'deleted') return { caution: { mark: 'Deleted', text: 'This note was deleted.' } };
  if (standingFor(note).length > 0) return {};
  return { caution: { mark: 'Not signed', text: unsignedText(state, signatures.length > 0) } };
}

function unsignedText(state: string, wasSigned: boolean): string {
  if (state === 'signed') return 'Kept as signed, but no signature on record is for the text as it is here.';
  if (wasSigned) return 'Not signed since it was unlocked. What it says may have changed.';
  return 'Not signed. What it says may still change.';
}

function standingFor(note: NoteShape): readonly Signature[] {
  return standing(note as Parameters<typeof standing>[0]);
}

function addendumPart({ by, at, text, enteredInError }: AddendumShape, timeZone: string): Part {
  return {
    heading: `Addendum by ${whoText(by)}, ${momentText(at, timeZone)}`,
    text,
    ...(enteredInError && { caution: { text: errorText(enteredInError, timeZone), struck: true } }),
  };
}

interface Line {
  readonly at: string;
  readonly text: string;
}

/** Signatures, locks, unlocks, and requests to sign, in order of time. */
function attestationOf(note: NoteShape, timeZone: string): string[] {
  const holding = new Set(standingFor(note).map(({ version }) => version));
  const lines = [
    ...note.signatures.map((one): Line => ({ at: one.at, text: signatureText(one, holding, timeZone) })),
    ...note.history.map((one): Line => ({ at: one.at, text: stepText(one as NoteStep, timeZone) })),
    ...note.cosignatureRequests.flatMap((one) => requestLines(one, timeZone)),
  ];
  return lines.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).map(({ text }) => text);
}

function signatureText(
  { by, at, role, version }: Pick<Signature, 'by' | 'at' | 'role' | 'version'>,
  holding: ReadonlySet<number>,
  timeZone: string,
): string {
  const which = holding.has(version) ? '' : ` (version ${version}, before the note was unlocked)`;
  return `Signed by ${whoText(by)}, ${role}, ${momentText(at, timeZone)}${which}`;
}

function stepText({ what, by, at, reason }: NoteStep, timeZone: string): string {
  const done = `${what.charAt(0).toUpperCase()}${what.slice(1)} by ${whoText(by)}, ${momentText(at, timeZone)}`;
  return reason ? `${done}: ${reason}` : done;
}

/** A signature in answer to a request has its own line. */
function requestLines({ of, by, at, message, state, ended }: CosignatureRequestShape, timeZone: string): Line[] {
  const asked = `${of.display ?? of.practitioner} was asked to co-sign by ${whoText(by)}, ${momentText(at, timeZone)}`;
  const lines = [{ at, text: message ? `${asked}: ${message}` : asked }];
  if (!ended || state === 'signed') return lines;
  const done = `Request to co-sign ${state} by ${whoText(ended.by)}, ${momentText(ended.at, timeZone)}`;
  return [...lines, { at: ended.at, text: ended.reason ? `${done}: ${ended.reason}` : done }];
}
