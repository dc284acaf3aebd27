// Perform: a procedure is done here, and billed.

import { defineCommand } from '#kit/command-kind.ts';
import { Option, text } from '#kit/schema.ts';
import { HCPCS } from '#kit/systems.ts';

export const Perform = defineCommand({
  key: 'perform',
  prefix: 'PERFORM',
  label: 'Perform',
  summary: 'A procedure is done here, and billed.',
  fields: {
    perform: { label: 'Procedure', schema: Option, needed: true, search: { from: 'terms', systems: [HCPCS] } },
    notes: { label: 'Notes', schema: text(4000) },
  },
});
