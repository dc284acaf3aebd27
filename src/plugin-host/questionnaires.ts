// The questionnaires that a plugin defines: `questionnaires/<name>.json` in its folder, each a FHIR R4 Questionnaire.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { type Fault, Refusal } from '#kit/errors.ts';
import { isFhirId } from '#kit/ids.ts';
import { validate } from '#r4/validate.ts';

export type DefinedQuestionnaire = Questionnaire & { readonly id: string };

const FOLDER = 'questionnaires';
const MOST = 100;
/** What a clinician cannot answer in a note. */
const NOT_ASKED: ReadonlySet<string> = new Set(['attachment', 'reference']);

/** None for a plugin without such a folder. Throws a Refusal `plugin.build` whose faults name file and element. */
export async function readQuestionnaires(root: string, plugin: string): Promise<DefinedQuestionnaire[]> {
  const listed = await readdir(join(root, FOLDER)).catch(() => []);
  const files = listed.filter((name) => name.endsWith('.json')).sort();
  const faults: Fault[] = [];
  if (files.length > MOST) faults.push({ path: FOLDER, message: `holds more than ${MOST} questionnaires` });
  const read = await Promise.all(files.slice(0, MOST).map((file) => readOne(root, plugin, file)));
  faults.push(...read.flatMap((one) => ('faults' in one ? one.faults : [])));
  if (faults.length > 0) {
    const reason = faults.map(({ path, message }) => `${path}: ${message.replace(/\.$/, '')}`).join('; ');
    throw new Refusal('plugin.build', { reason }, faults);
  }
  return read.flatMap((one) => ('faults' in one ? [] : [one.definition]));
}

async function readOne(
  root: string,
  plugin: string,
  file: string,
): Promise<{ definition: DefinedQuestionnaire } | { faults: Fault[] }> {
  const at = `${FOLDER}/${file}`;
  let json: unknown;
  try {
    json = JSON.parse(await readFile(join(root, at), 'utf8'));
  } catch (error) {
    const message = error instanceof SyntaxError ? `is not JSON (${error.message})` : 'cannot be read';
    return { faults: [{ path: at, message }] };
  }
  const id = `${plugin}.${file.slice(0, -'.json'.length)}`;
  const faults = [...idFaults(id, file), ...resourceFaults(json)];
  if (faults.length === 0) faults.push(...askingFaults(json as Questionnaire));
  if (faults.length > 0)
    return { faults: faults.map(({ path, message }) => ({ path: `${at} ${path}`.trim(), message })) };
  return { definition: { ...(json as Questionnaire), id } };
}

/** Its id follows from the names of the plugin and the file, so that no other plugin has it. */
function idFaults(id: string, file: string): Fault[] {
  if (!/^[a-z0-9][a-z0-9-]*\.json$/.test(file)) {
    return [{ path: '', message: 'is not named in lower case letters, digits and -' }];
  }
  return isFhirId(id) ? [] : [{ path: '', message: `would have the id ${id}, which is longer than 64 characters` }];
}

function resourceFaults(json: unknown): Fault[] {
  const { resourceType, title, id } = (json ?? {}) as Partial<Record<string, unknown>>;
  if (resourceType !== 'Questionnaire') {
    return [{ path: 'resourceType', message: 'must be Questionnaire' }];
  }
  const faults = validate(json);
  if (title === undefined)
    faults.push({ path: 'Questionnaire.title', message: 'is missing: it is searched for by it' });
  if (id !== undefined) faults.push({ path: 'Questionnaire.id', message: 'is given by the names of plugin and file' });
  return faults;
}

/** What R4 allows and nobody could answer. */
function askingFaults({ item: items = [] }: Questionnaire): Fault[] {
  const all = flat(items);
  const linkIds = new Set(all.map(({ linkId }) => linkId));
  return all.flatMap(({ linkId, type, enableWhen = [] }): Fault[] => {
    const path = `item ${linkId}`;
    const unknown = enableWhen.filter(({ question }) => !linkIds.has(question));
    return [
      ...(NOT_ASKED.has(type) ? [{ path, message: `is of the type ${type}, which cannot be answered in a note` }] : []),
      ...unknown.map(({ question }) => ({ path, message: `has enableWhen about ${question}, which is not asked` })),
    ];
  });
}

function flat(items: readonly QuestionnaireItem[]): QuestionnaireItem[] {
  return items.flatMap((item) => [item, ...flat(item.item ?? [])]);
}
