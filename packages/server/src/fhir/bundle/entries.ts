// Entries of a batch or transaction, read as the requests that they are.

import type { ResourceType } from '@medplum/fhirtypes';
import { isFhirId } from '@chartwire/sdk/internal/kit/ids';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import { isResourceType } from '#r4/resource-types.ts';
import { parseJson, utf8 } from '../body.ts';
import { JSON_PATCH, mediaType } from '../headers.ts';
import type { Conditions, FhirRequest, Interaction } from '../interaction.ts';
import { isObject } from '../json-object.ts';
import { readQuery } from '../query.ts';
import { interactionAt } from '../table.ts';

/** One entry that could be read. */
export interface Entry {
  /** Position in the bundle, from 0. */
  readonly index: number;
  readonly fullUrl: string | undefined;
  readonly interaction: Interaction;
  readonly request: FhirRequest;
}

/** Throws `bundle.invalid` or whatever else is wrong with the entry. */
export function readEntry(entry: unknown, index: number, baseUrl: string): Entry {
  const asked = isObject(entry) && isObject(entry.request) ? entry.request : undefined;
  if (!isObject(entry) || !asked) throw invalid(index, 'it has no request');
  const { method, url } = asked;
  if (typeof method !== 'string' || typeof url !== 'string')
    throw invalid(index, 'its request needs a method and a url');
  const { path, query } = splitUrl(url, baseUrl);
  const match = interactionAt(method, path);
  if (!match || match.interaction.body === 'form')
    throw invalid(index, 'its method and url name no interaction that bundles can hold');
  const request: FhirRequest = {
    type: readType(match.type),
    id: readId(match.type, match.id, method),
    version: match.version,
    query,
    conditions: readConditions(asked, index),
    body: match.interaction.body === 'patch' ? readPatchBody(entry.resource, index) : entry.resource,
  };
  return {
    index,
    fullUrl: typeof entry.fullUrl === 'string' ? entry.fullUrl : undefined,
    interaction: match.interaction,
    request,
  };
}

/** The refusal of one entry, named by its place, and by that of an element of it. */
export function invalid(index: number, reason: string, element?: string): Refusal {
  const path = `Bundle.entry[${index}]${element === undefined ? '' : `.${element}`}`;
  return new Refusal('bundle.invalid', { reason: `entry ${index}: ${reason}` }, [
    { path, message: `The entry cannot be processed: ${reason}.` },
  ]);
}

/** Throws `record.unknown-type`. */
export function readType(type: string): ResourceType {
  const named = type.slice(0, 64);
  if (isResourceType(type)) return type;
  throw new Refusal('record.unknown-type', { type: named });
}

/** Throws for an id that no record can have: nothing is there, and nothing can be put there. */
export function readId(type: string, id: string, method: string): string {
  const named = id.slice(0, 64);
  if (id === '' || isFhirId(id)) return id;
  if (method !== 'PUT') throw new Refusal('record.not-found', { reference: `${type}/${named}` });
  throw new Refusal('record.invalid', { type, reason: 'the id of the address is not a FHIR id' }, [
    { path: `${type}.id`, message: 'An id has 1 to 64 of A-Z, a-z, 0-9, - and .' },
  ]);
}

/** Relative to the base, or absolute below it; a leading slash is forgiven. */
function splitUrl(url: string, baseUrl: string): { path: string; query: URLSearchParams } {
  const relative = (url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url).replace(/^\//, '');
  const mark = relative.indexOf('?');
  const path = mark < 0 ? relative : relative.slice(0, mark);
  return { path: path.replace(/\/$/, ''), query: readQuery(mark < 0 ? '' : relative.slice(mark + 1)) };
}

/** Throws `bundle.invalid` for a condition that isn't text: a write without it could overwrite unseen changes. */
function readConditions(asked: Record<string, unknown>, index: number): Conditions {
  const text = (name: keyof Conditions): string | undefined => {
    const condition = asked[name];
    if (condition === undefined || typeof condition === 'string') return condition;
    throw invalid(index, `its request.${name} must be text`, `request.${name}`);
  };
  return {
    ifMatch: text('ifMatch'),
    ifNoneMatch: text('ifNoneMatch'),
    ifModifiedSince: text('ifModifiedSince'),
    ifNoneExist: text('ifNoneExist'),
  };
}

/** A JSON Patch is sent in a bundle as a Binary (http://hl7.org/fhir/R4/http.html#jsonpatch), a FHIRPath Patch unchanged. */
function readPatchBody(resource: unknown, index: number): unknown {
  if (isObject(resource) && resource.resourceType === 'Parameters') return resource;
  const binary = isObject(resource) && resource.resourceType === 'Binary' ? resource : undefined;
  if (
    typeof binary?.contentType !== 'string' ||
    mediaType(binary.contentType) !== JSON_PATCH ||
    typeof binary.data !== 'string'
  ) {
    throw invalid(index, `its patch must be Parameters, or a Binary of ${JSON_PATCH} with data`);
  }
  return parseJson(utf8(Buffer.from(binary.data, 'base64')));
}
