// Two states of a note beside each other: which lines are in both, and which words of them differ.

import { printJson } from '@chartwire/sdk/internal/kit/json/print';
import type { NoteLine } from '@chartwire/sdk/internal/records/note';
import type { CommandShape } from '@chartwire/client/internal/contract/command';
import type { Questionnaire } from '@medplum/fhirtypes';
import { answeredIn } from '@chartwire/sdk/internal/commands/answer-text';
import { type Answers, itemsSoFar } from '@chartwire/sdk/internal/commands/questionnaire-answers';
import { isOption, saidBy } from '@chartwire/sdk/internal/commands/words';
import type { Kind, Kinds } from './kinds.ts';

/** A line as it reads: a text, or a command by its label and what its fields say. */
export interface Reading {
  readonly label: string | null;
  /** Of a command: its state, where that isn't that it is committed. */
  readonly state: string | null;
  readonly parts: readonly { readonly label: string | null; readonly text: string }[];
}

export interface Pair {
  readonly key: string;
  readonly was: Reading | null;
  readonly is: Reading | null;
  readonly changed: boolean;
}

interface Shown {
  readonly body: readonly NoteLine[];
  readonly commands: readonly CommandShape[];
}

/** What says how commands read: their kinds, and the questionnaires that were asked, by id, as far as they may be read. */
export interface Words {
  readonly kinds: Kinds;
  readonly questionnaires: ReadonlyMap<string, Questionnaire>;
}

/** Line by line, in the order of the page: commands are the same by their ids, texts by their words or their place. */
export function compare(was: Shown, is: Shown, words: Words): readonly Pair[] {
  const [before, after] = [entriesOf(was, words), entriesOf(is, words)];
  const pairs = aligned(before, after, (a, b) => a.key === b.key);
  return joined(pairs).map(([a, b], index) => ({
    key: `${index}`,
    was: a?.reading ?? null,
    is: b?.reading ?? null,
    changed: printJson(a?.reading ?? null) !== printJson(b?.reading ?? null),
  }));
}

interface Entry {
  /** Id of a command, words of a text. */
  readonly key: string;
  readonly isText: boolean;
  readonly reading: Reading;
}

function entriesOf({ body, commands }: Shown, words: Words): Entry[] {
  return body.flatMap((line): Entry[] => {
    if ('text' in line) {
      const reading = { label: null, state: null, parts: [{ label: null, text: line.text }] };
      return [{ key: `text ${line.text}`, isText: true, reading }];
    }
    const command = commands.find(({ id }) => id === line.command);
    const kind = command && words.kinds.get(command.command);
    if (!command || !kind) return [];
    const parts = partsOf(kind, command, words);
    const state = command.state === 'committed' ? null : command.state.replaceAll('-', ' ');
    return [{ key: command.id, isText: false, reading: { label: kind.label, state, parts } }];
  });
}

/** The questionnaire that a command asks; undefined for another command. */
export function questionnaireOf({ command, fields }: CommandShape): string | undefined {
  const { questionnaire } = fields;
  return command === 'questionnaire' && isOption(questionnaire) ? String(questionnaire.value) : undefined;
}

function partsOf(kind: Kind, command: CommandShape, { questionnaires }: Words): Reading['parts'] {
  const said = saidBy(kind, command.fields);
  const { item } = questionnaires.get(questionnaireOf(command) ?? '') ?? {};
  return said.flatMap(({ name, label, text }) => {
    if (name !== 'answers' || !item) return [{ label, text }];
    const answered = answeredIn(itemsSoFar(item, command.fields.answers as Answers));
    return answered.map(({ question, answer }) => ({ label: question, text: answer }));
  });
}

/** A text that went and one that came in its place are two states of one. */
function joined(pairs: readonly (readonly [Entry | null, Entry | null])[]): (readonly [Entry | null, Entry | null])[] {
  const result: (readonly [Entry | null, Entry | null])[] = [];
  for (const [a, b] of pairs) {
    const at = b?.isText && !a ? result.findLastIndex(([was, is]) => was?.isText && !is) : -1;
    const between = at < 0 ? [] : result.slice(at + 1);
    if (at >= 0 && between.every(([was, is]) => !was || !is)) result[at] = [result[at]![0], b];
    else result.push([a, b]);
  }
  return result;
}

export interface Word {
  readonly text: string;
  readonly kind: 'same' | 'removed' | 'added';
}

/** Beyond this many words on a side they are not told apart: the whole text is marked. */
const MOST = 1_500;

/** Words and the spaces between them; what is only in one is marked. */
export function wordsOf(was: string, is: string): readonly Word[] {
  const [before, after] = [split(was), split(is)];
  const word = (text: string, kind: Word['kind']): Word => ({ text, kind });
  if (before.length > MOST || after.length > MOST) return [word(was, 'removed'), word(is, 'added')];
  return aligned(before, after, (a, b) => a === b).map(([a, b]) =>
    a === null ? word(b!, 'added') : word(a, b === null ? 'removed' : 'same'),
  );
}

function split(text: string): readonly string[] {
  return text.match(/\s+|[^\s]+/g) ?? [];
}

/** Those of one side, with what follows each other in one piece: a space between two marked words is marked, too. */
export function sideOf(words: readonly Word[], own: 'removed' | 'added'): readonly Word[] {
  const mine = words.filter(({ kind }) => kind === 'same' || kind === own);
  const pieces: Word[] = [];
  for (const [index, { text, kind }] of mine.entries()) {
    const isGap = text.trim() === '';
    const between = mine[index - 1]?.kind === own && mine[index + 1]?.kind === own;
    const as = isGap ? (between ? own : 'same') : kind;
    const last = pieces.at(-1);
    if (last?.kind === as) pieces[pieces.length - 1] = { text: last.text + text, kind: as };
    else pieces.push({ text, kind: as });
  }
  return pieces;
}

/** The longest common subsequence; what is in one only has null at its side, what went before what came. */
function aligned<T>(
  before: readonly T[],
  after: readonly T[],
  isSame: (a: T, b: T) => boolean,
): (readonly [T | null, T | null])[] {
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] = isSame(before[i]!, after[j]!)
        ? lengths[(i + 1) * width + j + 1]! + 1
        : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const pairs: (readonly [T | null, T | null])[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const both = i < before.length && j < after.length;
    if (both && isSame(before[i]!, after[j]!)) pairs.push([before[i++]!, after[j++]!]);
    else if (j >= after.length || (both && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!))
      pairs.push([before[i++]!, null]);
    else pairs.push([null, after[j++]!]);
  }
  return pairs;
}
