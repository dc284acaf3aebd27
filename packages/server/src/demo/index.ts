// The demo: a practice and its patients as FHIR transaction bundles, to load into an empty database.

import type { Bundle, Resource } from '@medplum/fhirtypes';
import { allergies } from './allergies.ts';
import { conditions } from './conditions.ts';
import { family } from './family.ts';
import { goals } from './goals.ts';
import { immunizations } from './immunizations.ts';
import { labs } from './labs.ts';
import { type DemoOptions, Life } from './life.ts';
import { medications } from './medications.ts';
import { messages } from './messages.ts';
import { papers } from './papers.ts';
import { paperwork } from './paperwork.ts';
import { person } from './person.ts';
import { Practice } from './practice.ts';
import { questions } from './questions.ts';
import { reviewed } from './reviewed.ts';
import { STORIES } from './stories/index.ts';
import type { Story } from './story.ts';
import { tasks } from './tasks.ts';
import { visits } from './visits.ts';
import { vitals } from './vitals.ts';

export type { DemoOptions } from './life.ts';

/** Each makes one part of a chart. Their order is that of the entries in the bundle. */
const THEMES: readonly ((life: Life) => Resource[])[] = [
  person,
  paperwork,
  allergies,
  conditions,
  visits,
  medications,
  vitals,
  questions,
  labs,
  papers,
  immunizations,
  goals,
  family,
  tasks,
  messages,
];

/**
 * FHIR R4 transaction bundles: the practice first, which the patients refer to, then one a patient. The same seed and
 * day give the same bundles. Every entry is a PUT to an id made from the seed, so that loading them again changes
 * nothing but what has moved with the day.
 */
export function demoBundles(options: DemoOptions): Bundle[] {
  return [transaction(new Practice(options.seed).records()), ...STORIES.map((story) => chart(story, options))];
}

function chart(story: Story, options: DemoOptions): Bundle {
  const life = new Life(story, options);
  return transaction(THEMES.flatMap((theme) => theme(life)).map((record) => reviewed(life, record)));
}

function transaction(resources: readonly Resource[]): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      fullUrl: `urn:uuid:${resource.id}`,
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  };
}
