// Records are read, printed and copied by kit/json alone: JSON.parse, JSON.stringify and structuredClone forget how decimals
// are written. Who uses them for something else is listed here, with what it is. And a record is of the type that it says:
// none is passed off as one of another.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SOURCES } from './sources.ts';

const OTHERS: Readonly<Record<string, string>> = {
  'chart/interviews.ts': 'whether answers are other ones',
  'chart/questionnaires/keep.ts': 'the digest of a questionnaire that ships',
  'cli/audit.ts': 'rows of the audit trail',
  'cli/init.ts': 'a new plugin’s tsconfig.json',
  'cli/logs.ts': 'lines of a log',
  'cli/new-package.ts': 'a package.json',
  'cli/plugin-folder.ts': 'a manifest',
  'cli/program.ts': 'our package.json',
  'cli/type-check.ts': 'a package.json',
  'commands/questionnaire-faults.ts': 'the key of an option',
  'delivery/plugin-log.ts': 'lines of a log',
  'delivery/plugin-table.ts': 'manifests and handlers',
  'delivery/retries.ts': 'why one is skipped',
  'delivery/schedule.ts': 'a text in quotation marks',
  'delivery/story.ts': 'what gates said',
  'effects/keyed.ts': 'a key',
  'fhir/error-reply.ts': 'an OperationOutcome',
  'plugin-host/build-answer.ts': 'the head of a build',
  'plugin-host/builder/bundle.ts': 'a source map',
  'plugin-host/builder/read-manifest.ts': 'a manifest',
  'plugin-host/call.ts': 'steps to a plugin, whose literals go beside them',
  'plugin-host/dispatcher.ts': 'the end of a call',
  'plugin-host/installed-packages.ts': 'a package.json',
  'plugin-host/manifest.ts': 'a text in quotation marks',
  'plugin-host/package.ts': 'a manifest',
  'plugin-host/unpack.ts': 'a text in quotation marks',
  'plugin-host/plugin.ts': 'options',
  'plugin-host/redaction.ts': 'a secret',
  'plugin-host/runner/context.ts': 'the body of an answer, whose literals come beside it',
  'plugin-host/runner/errors.ts': 'what was thrown',
  'plugin-host/globals/response.ts': 'bodies that a plugin made itself; the host’s come parsed',
  'plugin-host/runner/guest-call.ts': 'types and messages',
  'plugin-host/runner/guest.ts': 'steps, whose literals come beside them',
  'plugin-host/runner/isolate.ts': 'options',
  'plugin-host/runner/main.ts': 'options, how an isolate ended',
  'plugin-host/secrets.ts': 'a secret',
  'plugin-host/spawn.ts': 'the start of a process',
  'plugin-host/stack.ts': 'a source map',
  'plugin-host/tar.ts': 'a text in quotation marks',
  'r4/definitions.ts': 'the definitions',
  'r4/definitions/build.ts': 'the definitions',
  'r4/fhirpath-identity.ts': 'what equal values have in common',
  'records/own-extensions.ts': 'whether a text is JSON',
  'server/api/audit.ts': 'rows of the audit trail',
  'server/no-request.ts': 'a problem',
  'store/audit/chain.ts': 'rows of the audit trail',
  'store/audit/retention.ts': 'rows of the audit trail',
  'store/audit/row.ts': 'rows of the audit trail',
  'store/charts.ts': 'what of a chart is wanted',
  'store/check-switches.ts': 'who switched',
  'store/embedded/binaries.ts': 'a package.json',
  'store/embedded/data-folder.ts': 'a marker',
  'store/embedded/server.ts': 'settings',
  'store/page-cursor.ts': 'a cursor',
  'store/search/cursor.ts': 'a cursor',
  'store/search/moved.ts': 'the values of an index',
  'store/work.ts': 'what is beside the records: index, cursors, retries',
  'terms/editions.ts': 'terms',
  'web/chart/remembered.ts': 'what one looked at',
  'web/note/question-levels.ts': 'whether defaults settled',
  'web/note/question-list.tsx': 'whether two answers are one',
  'web/note/question.tsx': 'the key of an option',
  'web/note/recent-commands.ts': 'keys of commands',
  'web/patients/profile-page.tsx': 'what is typed into a form',
  'web/plugins/package-name.ts': 'a manifest',
};

test('records are read, printed and copied by kit/json alone', () => {
  const files = SOURCES.filter(({ name }) => !/^(demo|kit\/json)\//.test(name));
  assert.ok(files.length > 400, 'these are not the files');
  const using = files.filter(({ name, text }) => {
    const code = text.replaceAll(/^\s*(\/\/|\*|\/\*\*).*$/gm, '');
    assert.doesNotMatch(code, /\bstructuredClone\(/, name);
    return /\bJSON\.(parse|stringify)\(/.test(code);
  });
  assert.deepEqual(using.map(({ name }) => name).sort(), Object.keys(OTHERS).sort());
});

/** Files that tell the compiler that a value is of a type it has nothing in common with, and what they do it for. */
const CASTS: Readonly<Record<string, string>> = {
  'chart/commands/fields.ts': 'elements of any resource, by name',
  'chart/commands/undo.ts': 'elements of any resource, by name',
  'chart/json-patch.ts': 'elements of any resource, by name',
  'client/index.ts': 'what a pattern matched',
  'plugin-host/builder/compiler.ts': 'a global without a type',
  'plugin-host/jail.ts': 'streams of a process',
  'plugin-host/runner/realm.ts': 'the global object',
  'plugin-host/runner/registration.ts': 'what a plugin exports',
  'records/gist.ts': 'elements of any resource, by name',
  'records/findings.ts': 'an Observation without some elements',
  'server/print/command-part.ts': 'the fields of any command',
  'server/route.ts': 'a row of the contract with its handler',
  'web/chart/record-fields.ts': 'elements of any resource, by name',
  'web/chart/scores.tsx': 'groups that are not empty',
};

test('no note or command is passed off as a FHIR resource', () => {
  const casting = SOURCES.filter(({ text }) => /\bas unknown as\b/.test(text));
  assert.deepEqual(casting.map(({ name }) => name).sort(), Object.keys(CASTS).sort());
});
