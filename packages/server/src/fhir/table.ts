// Every interaction with a type or a record, in one table. Routes, bundle entries and the CapabilityStatement read it.

import { RESCHEDULE_OPERATION } from '@chartwire/sdk/internal/kit/systems';
import type { AuditAction } from './access-port.ts';
import { create } from './interactions/create.ts';
import { conditionalDelete, remove } from './interactions/delete.ts';
import { everything } from './interactions/everything.ts';
import { instanceHistory, typeHistory } from './interactions/history.ts';
import { merge } from './interactions/merge.ts';
import { conditionalPatch, patch } from './interactions/patch.ts';
import { read, vread } from './interactions/read.ts';
import { reschedule } from './interactions/reschedule.ts';
import { search, searchByForm } from './interactions/search.ts';
import { conditionalUpdate, update } from './interactions/update.ts';
import { validate } from './interactions/validate.ts';
import type { Capability, Interaction, Method, Operating, Reading, Writing } from './interaction.ts';

const EVERYTHING = 'http://hl7.org/fhir/OperationDefinition/Patient-everything';
/** Of FHIR R5, as far as R4 can: https://hl7.org/fhir/R5/patient-operation-merge.html */
const MERGE = 'http://hl7.org/fhir/OperationDefinition/Patient-merge';
const VALIDATE = 'http://hl7.org/fhir/OperationDefinition/Resource-validate';

// biome-ignore format: a table is read by its columns
export const INTERACTIONS: readonly Interaction[] = [
  row('read',               'GET',    ':type/:id',                   'read',    read,              { code: 'read', flag: { conditionalRead: 'full-support' } }),
  row('vread',              'GET',    ':type/:id/_history/:version', 'vread',   vread,             { code: 'vread', flag: { versioning: 'versioned', readHistory: true } }),
  row('history-instance',   'GET',    ':type/:id/_history',          'history', instanceHistory,   { code: 'history-instance' }),
  row('history-type',       'GET',    ':type/_history',              'history', typeHistory,       { code: 'history-type' }),
  row('search',             'GET',    ':type',                       'search',  search,            { code: 'search-type' }),
  row('search by form',     'POST',   ':type/_search',               'search',  searchByForm,      { code: 'search-type' }, 'form'),
  row('create',             'POST',   ':type',                       'create',  create,            { code: 'create', flag: { conditionalCreate: true } }, 'resource'),
  row('update',             'PUT',    ':type/:id',                   'update',  update,            { code: 'update', flag: { updateCreate: true } }, 'resource'),
  row('conditional update', 'PUT',    ':type',                       'update',  conditionalUpdate, { flag: { conditionalUpdate: true } }, 'resource'),
  row('patch',              'PATCH',  ':type/:id',                   'patch',   patch,             { code: 'patch' }, 'patch'),
  row('conditional patch',  'PATCH',  ':type',                       'patch',   conditionalPatch,  { code: 'patch' }, 'patch'),
  row('delete',             'DELETE', ':type/:id',                   'delete',  remove,            { code: 'delete' }),
  row('conditional delete', 'DELETE', ':type',                       'delete',  conditionalDelete, { flag: { conditionalDelete: 'single' } }),
  row('everything',         'GET',    ':type/:id/$everything',       'read',    everything,        { operation: 'everything', definition: EVERYTHING, only: 'Patient' }),
  row('validate',           'POST',   ':type/$validate',             'read',    validate,          { operation: 'validate', definition: VALIDATE }, 'resource'),
  row('validate one',       'POST',   ':type/:id/$validate',         'read',    validate,          { operation: 'validate', definition: VALIDATE }, 'resource'),
  row('merge',              'POST',   ':type/$merge',                'merge',   merge,             { operation: 'merge', definition: MERGE, only: 'Patient' }, 'resource'),
  row('reschedule',         'POST',   ':type/:id/$reschedule',       'create',  reschedule,        { operation: 'reschedule', definition: RESCHEDULE_OPERATION, only: 'Appointment' }, 'resource'),
];

function row(
  name: string,
  method: Method,
  path: string,
  audit: AuditAction,
  does: Reading | Writing | Operating,
  capability: Capability,
  body?: Interaction['body'],
): Interaction {
  return { name, method, path, audit, does, capability, ...(body === undefined ? {} : { body }) };
}

/** The target of an address: the interaction, and the values of `:type`, `:id`, and `:version`. */
export interface Match {
  readonly interaction: Interaction;
  readonly type: string;
  readonly id: string;
  readonly version: string;
}

/** The interaction at an address relative to the base, as bundle entries name them; undefined when there is none. */
export function interactionAt(method: string, path: string): Match | undefined {
  const segments = path.split('/');
  const rows = INTERACTIONS.filter((interaction) => interaction.method === method && fits(interaction, segments));
  // A literal segment takes precedence over a placeholder: `Patient/_history` isn't a record's id.
  const found =
    rows.find((interaction) => interaction.path.split('/').some((part) => !part.startsWith(':'))) ?? rows[0];
  if (!found) return undefined;
  const standingFor = (name: string): string => segments[found.path.split('/').indexOf(name)] ?? '';
  return { interaction: found, type: standingFor(':type'), id: standingFor(':id'), version: standingFor(':version') };
}

function fits({ path }: Interaction, segments: readonly string[]): boolean {
  const pattern = path.split('/');
  if (pattern.length !== segments.length) return false;
  return pattern.every((part, index) => part.startsWith(':') || part === segments[index]);
}
