// Allergy: the patient reacts to a substance, or was asked and knows of no allergy.

import type { AllergyIntolerance, CodeableConcept } from '@medplum/fhirtypes';
import { Type } from 'typebox';
import type { CommandDesk } from '#kit/command-desk.ts';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { choice, Option, PartialDate, text } from '#kit/schema.ts';
import {
  ALLERGENS,
  ALLERGY_CLINICAL,
  ALLERGY_REACTIONS,
  ALLERGY_VERIFICATION,
  DATA_ABSENT,
  RXNORM,
  SNOMED,
} from '#kit/systems.ts';
import type { AllergenCategory } from '#substances/allergen-category.ts';
import { allergenOfKey } from '#substances/allergen-names.ts';
import { isAllergy, noneKnownOf } from '#substances/allergy-state.ts';
import { categoriesOf, contradicts } from '#substances/contradiction.ts';
import { hasCode, type NoneKnown } from '#substances/none-known.ts';
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
    summary: 'An allergy or intolerance of the patient, or that none is known.',
    fields: {
      allergy: {
        label: 'Substance',
        schema: Option,
        needed: true,
        search: { from: 'terms', systems: [ALLERGENS, RXNORM, SNOMED], of: 'ingredient', words: true },
      },
      reactions: {
        label: 'Reactions',
        schema: Type.Array(Option, { maxItems: 10 }),
        search: { from: 'terms', systems: [ALLERGY_REACTIONS] },
      },
      severity: { label: 'Severity', schema: choice(['mild', 'moderate', 'severe']) },
      criticality: {
        label: 'Criticality',
        schema: choice(['low', 'high', 'unable-to-assess'], 'how dangerous another exposure may be'),
      },
      narrative: { label: 'Reaction in words', schema: text(512) },
      approximateDate: { label: 'Since', schema: PartialDate },
    },
  },
  async (values, desk) => {
    const { allergy, reactions = [], severity, criticality, narrative, approximateDate } = values;
    await refuseOutsideLife(desk, 'approximateDate', approximateDate);
    const { subject, encounter, author } = visitOf(desk);
    const code = substance(allergy);
    const none = noneKnownOf({ code });
    if (none) await refuseUntrue(desk, none, values);
    const manifestation = reactions.map((one) => conceptOf(one));
    const described = narrative && manifestation.length === 0 ? [{ text: narrative }] : manifestation;
    const reacts = described.length > 0 || severity !== undefined;
    const categories = none ? kindsDenied(none) : [...kindsOf(code)];
    desk.draft.create(
      filled<AllergyIntolerance>({
        resourceType: 'AllergyIntolerance',
        clinicalStatus: concept(ALLERGY_CLINICAL, 'active', 'Active'),
        verificationStatus: concept(ALLERGY_VERIFICATION, 'confirmed', 'Confirmed'),
        category: categories,
        criticality,
        code,
        patient: subject,
        encounter,
        onsetDateTime: approximateDate,
        recordedDate: desk.at,
        recorder: author,
        reaction: reacts
          ? [
              filled({
                manifestation: described.length > 0 ? described : [NOT_DESCRIBED],
                description: manifestation.length > 0 ? narrative : undefined,
                severity,
              }),
            ]
          : [],
      }),
    );
  },
);

/** A term of ours that a client names only by its key gets its code. */
function substance(option: Option): CodeableConcept {
  const known = option.coding?.length ? undefined : allergenOfKey(option.value);
  if (known) return { coding: [known.coding], text: option.text.trim() || known.label };
  const code = conceptOf(option, RXNORM, SNOMED);
  // `none`, `NKDA`: words of an assertion get its code.
  const none = noneKnownOf({ code });
  if (!none || !hasCode(none) || code.coding?.some((one) => one.code === none.snomed)) return code;
  return { coding: [allergenOfKey(none.key)!.coding, ...(code.coding ?? [])], text: none.label };
}

function kindsDenied(none: NoneKnown): AllergenCategory[] {
  return [...new Set((none.several ?? [none]).flatMap(({ category }) => category ?? []))];
}

/** An RxNorm code is a drug, whether our table has it or not. */
function kindsOf(code: CodeableConcept): ReadonlySet<AllergenCategory> {
  if (code.coding?.some(({ system }) => system === RXNORM)) return new Set(['medication']);
  return categoriesOf({ code });
}

/** Fields that describe a reaction. */
const OF_A_REACTION = ['reactions', 'severity', 'criticality', 'narrative', 'approximateDate'] as const;

/** Refuses "none known" together with an allergy or a reaction. */
async function refuseUntrue(
  desk: CommandDesk,
  none: NoneKnown,
  values: Readonly<Partial<Record<(typeof OF_A_REACTION)[number], unknown>>>,
): Promise<void> {
  const filledIn = OF_A_REACTION.find((name) => values[name] !== undefined);
  if (filledIn) {
    throw desk.refused(
      filledIn,
      `“${none.label}” has no reaction: leave this empty, or pick what the patient reacts to.`,
    );
  }
  const query = `patient=${desk.subject.reference}&_count=1000`;
  for (const { id } of await desk.draft.search('AllergyIntolerance', query)) {
    const known = await desk.draft.read('AllergyIntolerance', id!);
    if (!known || !isAllergy(known) || !contradicts(known, none)) continue;
    if (!desk.mayRead('AllergyIntolerance')) {
      const next = 'Ask somebody who may read allergies to look: it must be removed first if it is none.';
      throw desk.refused('allergy', `The chart has an allergy that contradicts “${none.label}”. ${next}`);
    }
    const name = known.code?.text ?? known.code?.coding?.[0]?.display ?? 'an allergy';
    throw desk.refused('allergy', `The chart has an allergy: ${name}. Remove it first if it is none.`);
  }
}
