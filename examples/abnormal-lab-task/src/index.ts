// A lab report with abnormal values becomes one task for somebody to look at it.

import {
  BaseProtocol,
  createTask,
  type DiagnosticReport,
  type Effect,
  EventType,
  type Observation,
  updateTask,
  type Written,
} from 'chartwire/sdk';
import { abnormalValues } from './abnormal.ts';

/** Reports that say nothing about the patient, or no longer do. */
const VOID = new Set<DiagnosticReport['status']>(['cancelled', 'entered-in-error']);
/** What is to be done about it is still to be done. */
const OPEN = new Set(['requested', 'received', 'accepted', 'ready', 'in-progress', 'on-hold']);

export class AbnormalLabTask extends BaseProtocol.on(
  EventType.LAB_REPORT_CREATED,
  // Values may arrive after their report: with its next version, or by themselves.
  EventType.LAB_REPORT_UPDATED,
  EventType.OBSERVATION_UPDATED,
) {
  async compute() {
    const { event } = this;
    if (event.type !== 'OBSERVATION_UPDATED') return this.#review(event.context.record);
    if (!event.patient) return [];
    const result = `Observation/${event.target.id}`;
    const reports = await this.data.search('DiagnosticReport', { result, category: 'LAB' });
    const effects = await Promise.all(reports.map((report) => this.#review(report)));
    return effects.flat();
  }

  async #review(report: Written<'DiagnosticReport'>): Promise<Effect[]> {
    const { patient } = this.event;
    if (!patient || VOID.has(report.status)) return [];

    const results = await this.#results(report);
    const count = results.map(abnormalValues).reduce((sum, more) => sum + more, 0);
    if (count === 0) return [];

    const focus = `DiagnosticReport/${report.id}`;
    const title = `Review ${report.code.text ?? report.code.coding?.[0]?.display ?? 'lab report'}: ${count} abnormal`;
    const [task] = await this.data.search('Task', { focus });
    if (!task) {
      return [createTask({ title, patient, focus, priority: 'urgent', labels: ['abnormal-lab', 'urgent-review'] })];
    }
    return OPEN.has(task.status) && task.description !== title ? [updateTask({ task: task.id, title })] : [];
  }

  /** The report's observations: those inside it, those it refers to, and the members of those that are panels. */
  async #results(report: DiagnosticReport): Promise<Observation[]> {
    const inside = (report.contained ?? []).filter((resource) => resource.resourceType === 'Observation');
    const found = new Map<string, Observation>();
    let wanted = idsOf(report.result);
    while (wanted.length > 0) {
      const more = await this.data.search('Observation', { _id: wanted.join(',') });
      for (const observation of more) found.set(observation.id, observation);
      wanted = more.flatMap(({ hasMember }) => idsOf(hasMember)).filter((id) => !found.has(id));
    }
    return [...inside, ...found.values()];
  }
}

function idsOf(references: readonly { reference?: string }[] = []): string[] {
  return references.flatMap(({ reference }) => /^Observation\/([^/]+)/.exec(reference ?? '')?.[1] ?? []);
}
