// Carries out one interaction by itself: reads at once, writes as a unit of work, either way audited.

import { refusalFor } from '#chart/authority.ts';
import type { Written } from '#chart/contract.ts';
import { Refusal } from '@chartwire/sdk/internal/kit/errors';
import type { AuditAction } from './access-port.ts';
import { writer } from './door.ts';
import {
  type Aim,
  type Answer,
  type Desk,
  type Door,
  type FhirRequest,
  type Interaction,
  servedVersion,
  type Writing,
} from './interaction.ts';
import { uncheckedIn } from './unchecked.ts';

export async function perform(door: Door, interaction: Interaction, request: FhirRequest): Promise<Answer> {
  try {
    const { does } = interaction;
    const answer =
      does.kind === 'writing'
        ? await write(door, interaction.audit, does, request)
        : await does.run(door, request, interaction.audit);
    auditAnswer(door, interaction, request, answer);
    return answer;
  } catch (thrown) {
    const error = thrown instanceof Refusal ? refusalFor(door.access, thrown) : thrown;
    auditFailure(door, interaction, request, error);
    throw error;
  }
}

async function write(door: Door, action: AuditAction, does: Writing, request: FhirRequest): Promise<Answer> {
  const { result: aim, written } = await door.chart.withChart(
    writer(door, action),
    async (draft) => {
      const desk: Desk = { ...door, draft };
      const aim = await does.aim(desk, request);
      await does.apply(desk, request, aim);
      return aim;
    },
    { exclusive: does.keys(request) },
  );
  return answerTo(door, aim, written);
}

/** The response to a committed write. */
export async function answerTo(door: Door, aim: Aim, written: Written): Promise<Answer> {
  if (aim.id === undefined) return { status: 204 };
  const version = await door.reader.afterwards(written, aim.type, aim.id);
  if (!version) throw new Refusal('record.not-found', { reference: `${aim.type}/${aim.id}` });
  const { patient } = version;
  const resource = servedVersion(version);
  if (aim.action === 'delete') return { status: 204, version, patient };
  // A patch is written without knowing the rest of the record: that is for those who may read it.
  const shown = aim.action !== 'patch' || door.reader.readable([aim.type]).length > 0;
  const status = aim.action === 'create' ? 201 : 200;
  if (!version.record || !resource || !shown) return { status, version, patient, located: true };
  const own = (written.warnings ?? []).filter(({ type, id }) => type === version.type && id === version.id);
  const unchecked = [...uncheckedIn(version.record), ...own.map(({ fault }) => fault)];
  return { status, version, patient, located: true, resource, unchecked };
}

export function auditAnswer(door: Door, interaction: Interaction, request: FhirRequest, answer: Answer): void {
  const id = answer.version?.id ?? request.id;
  door.access.audit({
    ...auditOf(interaction, request),
    ...(id === '' ? {} : { id }),
    ...(answer.patient ? { patient: answer.patient } : {}),
    status: answer.status,
  });
}

function auditFailure(door: Door, interaction: Interaction, request: FhirRequest, error: unknown): void {
  door.access.audit({
    ...auditOf(interaction, request),
    ...(request.id === '' ? {} : { id: request.id }),
    // Whose chart it would have been is known of a patient's own record.
    ...(request.type === 'Patient' && request.id !== '' ? { patient: request.id } : {}),
    status: error instanceof Refusal ? error.status : 500,
  });
}

function auditOf({ audit }: Interaction, request: FhirRequest) {
  const form = request.body instanceof URLSearchParams ? request.body : [];
  const query = String(new URLSearchParams([...request.query, ...form]));
  return { action: audit, type: request.type, ...(query === '' ? {} : { query }) };
}
