// The questionnaires of a plugin: `questionnaires/<name>.json` in its folder, each a FHIR R4 Questionnaire.

import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { type Fault, Refusal } from '@chartwire/sdk/internal/kit/errors';
import { isFhirId } from '@chartwire/sdk/internal/kit/ids';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { notUtf8In, utf8Reason } from '@chartwire/sdk/internal/kit/utf8';
import { validate } from '#r4/validate.ts';
import type { PackageFiles } from './unpack.ts';

export type DefinedQuestionnaire = Questionnaire & { readonly id: string };

const FOLDER = 'questionnaires';
const MOST = 100;
const MAX_BYTES = 1_000_000;
const MAX_BYTES_OF_ALL = 4_000_000;
/**
 * Empty without such a folder.
 *
 * @throws {Refusal} `plugin.build` whose faults name file and element
 */
export function readQuestionnaires(files: PackageFiles, plugin: string): DefinedQuestionnaire[] {
  const listed = [...files.keys()].filter((path) => /^questionnaires\/[^/]+\.json$/.test(path)).sort();
  const faults = sizeFaults(files, listed);
  // Oversized files aren't read.
  const read = faults.length > 0 ? [] : listed.map((path) => readOne(files.get(path)!, plugin, path));
  faults.push(...read.flatMap((one) => ('faults' in one ? one.faults : [])));
  if (faults.length > 0) {
    const reason = faults.map(({ path, message }) => `${path}: ${message.replace(/\.$/, '')}`).join('; ');
    throw new Refusal('plugin.build', { reason }, faults);
  }
  return read.flatMap((one) => ('faults' in one ? [] : [one.definition]));
}

function sizeFaults(files: PackageFiles, listed: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  if (listed.length > MOST) faults.push({ path: FOLDER, message: `holds more than ${MOST} questionnaires` });
  let all = 0;
  for (const path of listed) {
    const { length } = files.get(path)!;
    all += length;
    if (length > MAX_BYTES) faults.push({ path, message: `is larger than ${MAX_BYTES / 1e6} MB` });
  }
  if (all > MAX_BYTES_OF_ALL) faults.push({ path: FOLDER, message: `holds more than ${MAX_BYTES_OF_ALL / 1e6} MB` });
  return faults;
}

function readOne(
  content: Buffer,
  plugin: string,
  at: string,
): { definition: DefinedQuestionnaire } | { faults: Fault[] } {
  const file = at.slice(FOLDER.length + 1);
  const notText = notUtf8In(content);
  if (notText) return { faults: [{ path: at, message: utf8Reason(notText) }] };
  let json: unknown;
  try {
    json = parseJson(content.toString().replace(/^\ufeff/, ''));
  } catch (error) {
    return { faults: [{ path: at, message: `is not JSON (${(error as Error).message})` }] };
  }
  const id = `${plugin}.${file.slice(0, -'.json'.length)}`;
  const faults = [...idFaults(id, file), ...resourceFaults(json)];
  if (faults.length === 0) faults.push(...askingFaults(json as Questionnaire));
  if (faults.length > 0)
    return { faults: faults.map(({ path, message }) => ({ path: `${at} ${path}`.trim(), message })) };
  return { definition: { ...(json as Questionnaire), id } };
}

/** Its id is derived from the names of plugin and file, so no other plugin has it. */
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

/** Valid in R4, but impossible to answer. */
function askingFaults({ item: items = [] }: Questionnaire): Fault[] {
  const all = flat(items);
  const linkIds = new Set(all.map(({ linkId }) => linkId));
  return all.flatMap(({ linkId, enableWhen = [] }): Fault[] => {
    const unknown = enableWhen.filter(({ question }) => !linkIds.has(question));
    return unknown.map(({ question }) => ({
      path: `item ${linkId}`,
      message: `has enableWhen about ${question}, which is not asked`,
    }));
  });
}

function flat(items: readonly QuestionnaireItem[]): QuestionnaireItem[] {
  return items.flatMap((item) => [item, ...flat(item.item ?? [])]);
}
