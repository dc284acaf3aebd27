// The catalogue's pages say what the declarations say.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVENTS } from '#events/catalogue.ts';
import * as sdk from '#sdk/index.ts';
import { ROUTE_MARKS } from '../../docs/pages/permissions.ts';
import { areAddressesStale } from '../../docs/write-addresses.ts';
import { staleBuilders } from '../../docs/write-builders.ts';
import { cataloguePages, stalePages } from '../../docs/write-catalogue.ts';
import { areSearchParametersStale } from '../../docs/write-search-parameters.ts';

test('docs/catalogue is what the declarations make it; otherwise run `npm run docs`', () => {
  assert.deepEqual(stalePages(), []);
});

test('packages/client/src/client/addresses.ts is what the contract makes it; otherwise run `npm run docs`', () => {
  assert.equal(areAddressesStale(), false);
});

test('the builders of packages/sdk/src/sdk are what the definitions make them; otherwise run `npm run docs`', () => {
  assert.deepEqual(staleBuilders(), []);
});

test('the search parameters of packages/sdk/src/sdk are those that the server searches by; otherwise run `npm run docs`', () => {
  assert.equal(areSearchParametersStale(), false);
});

test('the page of events names every event type', () => {
  const page = cataloguePages().get('events.md') ?? '';
  const missing = EVENTS.filter(({ type }) => !page.includes(`\`${type}\``)).map(({ type }) => type);
  assert.deepEqual(missing, []);
});

test('the page of the SDK shows everything that a plugin can import', () => {
  const page = cataloguePages().get('sdk.md') ?? '';
  const names = Object.keys(sdk);
  assert.ok(names.length > 60, 'these are not all exports');
  assert.deepEqual(
    names.filter((name) => !page.includes(`\`${name}\``) && !page.includes(`### ${name}\n`)),
    [],
  );
});

test('the pages of the API describe every operation', () => {
  const pages = [...cataloguePages()].filter(([name]) => name.startsWith('api/')).map(([, text]) => text);
  const operations = Object.keys(ROUTE_MARKS);
  assert.ok(operations.length > 100, 'these are not all operations');
  assert.deepEqual(
    operations.filter((operation) => !pages.some((text) => text.includes(`## ${operation}\n`))),
    [],
  );
});
