// What must be true of a chart after any play: the transition tables, every patch, events that match versions, and
// refusals that had a reason.

import assert from 'node:assert/strict';
import type { History, LoggedEvent, Version } from './history.ts';
import type { Deed, Played } from './play.ts';
import { amendedBy, ANSWERED } from './practice.ts';
import { COMMAND_STATES, NOTE_STATES, refusalOf } from './table.ts';

export function audit(played: Played, history: History): void {
  for (const id of history.ids('Note')) auditNote(history, id);
  for (const id of history.ids('Command')) auditCommand(played, history, id);
  auditAnswers(played, history);
  auditRecords(history);
  for (const deed of played.deeds) if (deed.status >= 400) auditRefusal(played, history, deed);
}

/** Versions of one thing, each with the one before it. */
function steps(versions: readonly Version[]): { version: number; before: Version['content']; after: Version }[] {
  return versions.map((after, index) => {
    assert.equal(after.version, index + 1, `${after.type}/${after.id} lacks a version`);
    return { version: after.version, before: versions[index - 1]?.content ?? null, after };
  });
}

function auditNote(history: History, id: string): void {
  const versions = history.of('Note', id);
  for (const { version, before, after } of steps(versions)) {
    const { state } = after.content;
    assert.ok(NOTE_STATES[before?.state ?? 'none']!.includes(state), `a note went from ${before?.state} to ${state}`);
    const told = history.eventsOf('Note', id, version).map(({ type }) => type);
    const moved = { open: 'NOTE_UNLOCKED', locked: 'NOTE_LOCKED', signed: 'NOTE_SIGNED' }[state as 'open'];
    const same = state === 'signed' ? ['NOTE_UPDATED', 'NOTE_COSIGNED'] : ['NOTE_UPDATED'];
    const changed = before?.state === state ? same : ['NOTE_UPDATED', moved, 'NOTE_STATE_CHANGE_EVENT_CREATED'];
    assert.deepEqual(told, before ? changed : ['NOTE_CREATED'], `events of version ${version} of a note`);
    const [signed, earlier] = [after.content.signatures, before?.signatures ?? []];
    assert.deepEqual(signed.slice(0, earlier.length), earlier, 'a signature was taken away or changed');
    const added = state === 'signed' ? [version] : [];
    const versions = signed.slice(earlier.length).map((one: { version: number }) => one.version);
    assert.deepEqual(versions, added, `signatures of version ${version} of a note`);
  }
  const inIt = history.ids('Command').filter((command) => {
    const { content } = history.of('Command', command).at(-1)!;
    return content?.note === id;
  });
  const { body } = versions.at(-1)!.content;
  const listed = body.map(({ command }: { command: string }) => command);
  assert.deepEqual(listed.toSorted(), inIt.toSorted(), 'a note lists each of its commands once, and no others');
}

function auditCommand(played: Played, history: History, id: string): void {
  for (const { version, before, after } of steps(history.of('Command', id))) {
    const now = after.content;
    const where = `${(now ?? before).command} ${id}, version ${version}`;
    const [from, to] = [before?.state ?? 'none', now?.state ?? 'gone'];
    assert.ok(COMMAND_STATES[from]!.includes(to), `${where}: from ${from} to ${to}`);
    const events = history.eventsOf('Command', id, version);
    auditEvents(where, events, before, after);
    const acted = (now?.actions.length ?? 0) > (before?.actions.length ?? 0);
    if (!acted || now.actions.at(-1).action !== 'print') {
      const note = history.at('Note', (now ?? before).note, after.chartVersion);
      assert.equal(note.state, 'open', `${where}: written in a note that is ${note.state}`);
    }
    const patch = patchBehind(played, id, version, now, events);
    if (now && before) auditPatch(where, before, now, patch);
  }
}

/** The operations that a version amounts to are told, each by the generic event and then by the command's own. */
function auditEvents(where: string, events: readonly LoggedEvent[], before: Version['content'], after: Version): void {
  const now = after.content;
  const done = !now ? ['DELETE'] : before ? [] : ['ORIGINATE'];
  if (now && before) {
    if (JSON.stringify(now.fields) !== JSON.stringify(before.fields)) done.push('UPDATE');
    if (now.actions.length > before.actions.length) done.push('EXECUTE_ACTION');
    if (now.state === 'committed' && before.state !== 'committed') done.push('COMMIT');
    if (now.state === 'entered-in-error' && before.state !== now.state) done.push('ENTER_IN_ERROR');
  }
  const told = events.map(({ type }) => type);
  const generic = told.filter((type) => type.startsWith('POST_COMMAND_'));
  assert.deepEqual(
    generic,
    done.map((one) => `POST_COMMAND_${one}`),
    where,
  );
  const own = told.filter((_, index) => index % 2 === 1);
  assert.equal(told.length, 2 * done.length, where);
  for (const [index, one] of done.entries()) assert.ok(own[index]!.endsWith(`_COMMAND__POST_${one}`), where);
  for (const { chartVersion, context } of events) {
    assert.equal(chartVersion, after.chartVersion, where);
    const { fields, state } = now ?? before;
    assert.deepEqual({ fields: context.fields, state: context.command.state }, { fields, state }, where);
  }
}

/** What somebody asked for that this version is the answer to: exactly one user's request, or one plugin's effect. */
function patchBehind(
  { deeds }: Played,
  id: string,
  version: number,
  now: Version['content'],
  events: readonly LoggedEvent[],
): Readonly<Record<string, unknown>> {
  const plugin = events.find(({ actor }) => actor.type === 'plugin');
  if (plugin) return { [ANSWERED[now.command]!]: `answer to ${plugin.cause?.event}` };
  const behind = deeds.filter(({ attempt, status, answer }) => {
    if (status === 204) return now === null && 'id' in attempt && attempt.id === id;
    return status < 300 && [answer, answer.originated].some((one) => one?.id === id && one.version === version);
  });
  // An edit that changes nothing is answered with the version that is there: several may name one version.
  assert.ok(behind.length > 0, `nobody asked for version ${version} of ${id}`);
  const edits = behind.flatMap(({ attempt }) => (attempt.what === 'edit' ? [attempt.fields] : []));
  return Object.assign({}, ...edits);
}

/** Fields that the patch names are as it says, those that the gate amended as it says, all others as they were. */
function auditPatch(
  where: string,
  before: Version['content'],
  now: Version['content'],
  patch: Readonly<Record<string, unknown>>,
): void {
  const asked = { ...before.fields, ...patch };
  const amended = { ...asked, ...amendedBy(now.command, patch) };
  const written = JSON.stringify(sorted(now.fields));
  // A gate that was given no time did not amend; nothing else may differ.
  const right = [asked, amended].map((fields) => JSON.stringify(sorted(fields)));
  assert.ok(right.includes(written), `${where}: ${written} where ${right.join(' or ')} was asked for`);
}

function sorted(fields: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What a user was told is what is stored: no acknowledged change is missing. */
function auditAnswers({ deeds }: Played, history: History): void {
  for (const { attempt, status, answer } of deeds) {
    if (status === 204) {
      assert.equal(
        'id' in attempt && history.of('Command', attempt.id).at(-1)!.content,
        null,
        'deleted, and still there',
      );
      continue;
    }
    if (status >= 400) continue;
    const type = 'command' in answer ? 'Command' : 'Note';
    const stored = history.of(type, answer.id)[answer.version - 1];
    assert.ok(stored, `${type}/${answer.id} was answered with version ${answer.version}, which is not there`);
    assert.equal(stored.content.state, answer.state);
    if (type === 'Command') assert.deepEqual(stored.content.fields, answer.fields);
  }
}

/** Every version of a record has its event; what a commit made is what was written with it, and its undoing undoes it. */
function auditRecords(history: History): void {
  const entries = new Set(['Note', 'Command']);
  for (const { type, id, version, chartVersion } of history.versions) {
    if (entries.has(type)) continue;
    const told = history.events.filter(({ target }) => target.type === type && target.id === id);
    const own = told.filter(({ target }) => target.version === version);
    assert.ok(own.length > 0, `version ${version} of ${type}/${id} has no event`);
    for (const event of own) assert.equal(event.chartVersion, chartVersion);
  }
  for (const id of history.ids('Command')) {
    const versions = history.of('Command', id);
    const committed = versions.find(({ content }) => content?.state === 'committed');
    if (!committed) continue;
    const written = history.versions.filter(
      (one) => one.chartVersion === committed.chartVersion && !entries.has(one.type),
    );
    const names = (list: readonly { type: string; id: string; version: number }[]) =>
      list.map((one) => `${one.type}/${one.id}/${one.version}`).sort();
    assert.deepEqual(names(committed.content.made), names(written), `what ${id} made`);
    if (versions.at(-1)!.content.state !== 'entered-in-error') continue;
    for (const made of committed.content.made.filter(({ created }: { created: boolean }) => created)) {
      const { content } = history.of(made.type, made.id).at(-1)!;
      assert.match(JSON.stringify(content), /"entered-in-error"/, `${made.type} made by a command that is an error`);
    }
  }
}

/** A refusal is right when it was called for at some moment between what was known before and what is known after. */
function auditRefusal({ deeds }: Played, history: History, deed: Deed): void {
  const { attempt, status, answer, begun, chartVersion } = deed;
  const known = deeds.slice(0, begun).flatMap(({ status: before, answer: seen }) => {
    if (before !== 200 && before !== 201) return [];
    const type = 'command' in seen ? 'Command' : 'Note';
    return [history.of(type, seen.id)[seen.version - 1]?.chartVersion ?? 0];
  });
  const reasons = new Set<string>();
  for (let moment = Math.max(0, ...known); moment <= chartVersion!; moment++) {
    const command = 'id' in attempt ? history.at('Command', attempt.id, moment) : undefined;
    const note = history.at('Note', 'note' in attempt ? attempt.note : (command?.note ?? ''), moment);
    const stops = command?.fields.medication?.value;
    const medication = stops && history.at('MedicationStatement', stops, moment);
    const version = 'id' in attempt ? versionAt(history, attempt.id, moment) : undefined;
    for (const code of refusalOf(attempt, { note, command, version, medication })) reasons.add(code);
  }
  const told = `${JSON.stringify(attempt)} was refused: ${status} ${JSON.stringify(answer)}`;
  assert.ok(reasons.has(answer?.code), `${told}; what called for a refusal: ${[...reasons].join(', ') || 'nothing'}`);
}

function versionAt(history: History, id: string, moment: number): number | undefined {
  return history.of('Command', id).findLast(({ chartVersion }) => chartVersion <= moment)?.version;
}
