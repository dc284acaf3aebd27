// Perform: a procedure done here, and billed.

import type { Procedure } from '@medplum/fhirtypes';
import { defineCommand } from '#kit/command-kind.ts';
import { filled } from '#kit/filled.ts';
import { Option, text } from '#kit/schema.ts';
import { CPT, HCPCS } from '#kit/systems.ts';
import { writeCharge } from './charge.ts';
import { codedConcept } from './concepts.ts';
import { annotations, visitOf } from './visit.ts';

export const Perform = defineCommand(
  {
    key: 'perform',
    prefix: 'PERFORM',
    label: 'Perform',
    summary: 'A procedure is done here, and billed.',
    fields: {
      perform: { label: 'Procedure', schema: Option, needed: true, search: { from: 'terms', systems: [HCPCS] } },
      notes: { label: 'Notes', schema: text(4000) },
    },
  },
  ({ perform, notes }, desk) => {
    const { subject, encounter, author } = visitOf(desk);
    const code = codedConcept(desk, 'perform', perform, HCPCS, CPT);
    const { id } = desk.draft.create(
      filled<Procedure>({
        resourceType: 'Procedure',
        status: 'completed',
        code,
        subject,
        encounter,
        performedDateTime: desk.at,
        recorder: author,
        performer: author && [{ actor: author }],
        note: annotations(desk, notes),
      }),
    );
    writeCharge(desk, code, { reference: `Procedure/${id}` });
  },
);
