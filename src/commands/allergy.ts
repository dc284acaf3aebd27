// Allergy: the patient reacts to a substance.

import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { choice, Option, PartialDate, text } from '#kit/schema.ts';
import { ALLERGY_CLINICAL, ALLERGY_VERIFICATION, DATA_ABSENT, RXNORM, SNOMED } from '#kit/systems.ts';
import { concept, conceptOf } from './concepts.ts';
import { refuseOutsideLife } from './days.ts';
import { visitOf } from './visit.ts';

/** A severity belongs to a reaction, and a reaction must say how it shows. */
const NOT_DESCRIBED = concept(DATA_ABSENT, 'unknown', 'Unknown');

export const Allergy = defineCommand(
  {
    key: 'allergy',
    prefix: 'ALLERGY',
    label: 'Allergy',
    summary: 'An allergy or intolerance of the patient.',
    fields: {
      allergy: {
        label: 'Substance',
        schema: Option,
        needed: true,
        search: { from: 'terms', systems: [RXNORM, SNOMED], words: true },
      },
      severity: { label: 'Severity', schema: choice(['mild', 'moderate', 'severe']) },
      narrative: { label: 'Reaction', schema: text(512) },
      approximateDate: { label: 'Since', schema: PartialDate },
    },
  },
  async ({ allergy, severity, narrative, approximateDate }, desk) => {
    await refuseOutsideLife(desk, 'approximateDate', approximateDate);
    const { subject, encounter, author } = visitOf(desk);
    const code = conceptOf(allergy, RXNORM, SNOMED);
    const manifestation = [narrative ? { text: narrative } : NOT_DESCRIBED];
    desk.draft.create(
      filled<AllergyIntolerance>({
        resourceType: 'AllergyIntolerance',
        clinicalStatus: concept(ALLERGY_CLINICAL, 'active', 'Active'),
        verificationStatus: concept(ALLERGY_VERIFICATION, 'confirmed', 'Confirmed'),
        category: code.coding?.some(({ system }) => system === RXNORM) ? ['medication'] : [],
        code,
        patient: subject,
        encounter,
        onsetDateTime: approximateDate,
        recordedDate: desk.at,
        recorder: author,
        reaction: narrative || severity ? [filled({ manifestation, severity })] : [],
      }),
    );
  },
);
