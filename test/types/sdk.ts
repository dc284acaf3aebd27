// Proved by tsc, never run: what an author of a plugin may write, and what does not compile.

import * as sdk from '#sdk/index.ts';
import {
  type Answer,
  addBannerAlert,
  BaseProtocol,
  bearer,
  CronTask,
  createRecord,
  createTask,
  type Effect,
  EventType,
  labOrder,
  type Observation,
  patchRecord,
  plan,
  prescribe,
  type Secret,
  signedWith,
  updateTask,
} from '#sdk/index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Assert<T extends true> = T;

/** `this.event` is what the class responds to: no cast, no argument of types. */
export class AbnormalLab extends BaseProtocol.on(EventType.LAB_REPORT_CREATED) {
  override async compute(): Promise<Effect[]> {
    const report = this.event.context.record;
    type _ = Assert<Equal<typeof report.resourceType, 'DiagnosticReport'>>;
    const [first] = report.result ?? [];
    const observation = await this.data.read('Observation', first?.reference?.split('/')[1] ?? '');
    const abnormal: Observation[] = await this.data.search('Observation', { 'combo-code': ['a', 'b'] });
    if (!observation?.interpretation || abnormal.length === 0) return [];
    return [createTask({ title: 'Review', patient: this.event.patient ?? undefined, labels: ['abnormal-lab'] })];
  }
}

/** What is searched by has the names that R4 gives it for the type. */
export class Searching extends BaseProtocol.on(EventType.PATIENT_CREATED) {
  override async compute(): Promise<Effect[]> {
    const { data, event } = this;
    const patient = event.context.record.id;
    type _ = Assert<Equal<Awaited<ReturnType<typeof data.search<'Task'>>>[number]['resourceType'], 'Task'>>;
    await data.search('Observation', { code: 'http://loinc.org|8480-6', date: ['ge2020', 'lt2021'], patient });
    await data.search('Observation', { 'code:not': 'x', 'subject:Patient.name': 'Ada', 'value-quantity': 'gt5' });
    await data.search('Observation', { 'encounter.status': 'finished', 'method:missing': 'true', _sort: '-date,code' });
    await data.search('Patient', { '_has:Encounter:subject:status': 'finished', 'name:exact': 'Ada', _count: '5' });
    await data.search('Observation', `patient=${patient}`);
    // @ts-expect-error: a Task has no such parameter
    await data.search('Task', { clinical: 'x' });
    // @ts-expect-error: the name is `code`
    await data.search('Observation', { codes: 'x' });
    // @ts-expect-error: a date has no such modifier
    await data.search('Observation', { 'date:exact': '2020' });
    // @ts-expect-error: the server does not search by value sets
    await data.search('Observation', { 'code:in': 'http://example.org/ValueSet/x' });
    // @ts-expect-error: only a reference leads on
    await data.search('Observation', { 'code.name': 'x' });
    // @ts-expect-error: it is true or false
    await data.search('Observation', { 'code:missing': 'yes' });
    // @ts-expect-error: it is no parameter of an Observation
    await data.search('Observation', { _sort: 'birthdate' });
    // @ts-expect-error: composite parameters are not searched by
    await data.search('Observation', { 'code-value-quantity': 'x' });
    return [];
  }
}

/** Variables that a plugin says to have: text, or a reference that only a request carries. */
export class Telling extends BaseProtocol.on(EventType.TASK_CREATED) {
  declare readonly variables: { readonly PLACE?: string; readonly TOKEN?: Secret };
  override async compute(): Promise<Effect[]> {
    const { PLACE = '', TOKEN } = this.variables;
    if (!TOKEN) return [];
    const headers = { authorization: bearer(TOKEN), 'x-signature': signedWith(TOKEN) };
    await this.http.fetch(PLACE, { method: 'POST', headers, query: { key: TOKEN }, form: { TOKEN } });
    // @ts-expect-error: no address is made of a secret
    await this.http.get(TOKEN);
    // @ts-expect-error: no effect carries one
    return [createTask({ title: TOKEN })];
  }
}

/** Not said, a variable may be either. */
export class Untold extends BaseProtocol.on(EventType.TASK_CREATED) {
  override compute(): Answer {
    const { PLACE } = this.variables;
    // @ts-expect-error: it may be a secret
    createTask({ title: PLACE ?? '' });
    return typeof PLACE === 'string' ? createTask({ title: PLACE }) : [];
  }
}

/** Of several, `event.type` tells which. */
export class Several extends BaseProtocol.on(EventType.TASK_CREATED, EventType.TASK_COMMENT_CREATED) {
  override compute(): Answer {
    type _ = Assert<Equal<typeof this.event.type, 'TASK_CREATED' | 'TASK_COMMENT_CREATED'>>;
    const { status } = this.event.context.record;
    if (this.event.type === EventType.TASK_COMMENT_CREATED) this.log.info(this.event.context.comment.id);
    if (status === 'completed') return updateTask({ task: this.event.context.record.id, due: null });
  }
}

/** The plain form: RESPONDS_TO by hand, the event one of all until its type is asked. */
export class Plain extends BaseProtocol {
  static override RESPONDS_TO = [EventType.LAB_REPORT_CREATED];
  override compute(): Answer {
    if (this.event.type === EventType.LAB_REPORT_CREATED) this.log.info(this.event.context.record.status);
    // @ts-expect-error: untold, an event need not have a record
    this.event.context.record;
  }
}

/** Named twice, as type and as value, where the plain form is wanted typed. */
export class Named extends BaseProtocol<'PLAN_COMMAND__POST_COMMIT'> {
  static override RESPONDS_TO = [EventType.PLAN_COMMAND__POST_COMMIT];
  override compute(): void {
    this.log.info(this.event.context.fields.narrative);
  }
}

export class Nightly extends CronTask {
  static override SCHEDULE = '0 3 * * *';
  static override TIMEZONE = 'America/New_York';
  override async execute(): Promise<Effect> {
    return addBannerAlert({ patient: 'p', key: this.event.context.minute, narrative: 'n', intent: 'info' });
  }
}

/** Fields of a command: an option or its value alone, a list of either, null to take one away. */
export const written: Effect[] = [
  prescribe.originate({ note: 'n', fields: { prescribe: '314076', quantityToDispense: 30 }, commit: true }),
  prescribe.originate({ note: 'n', fields: { prescribe: { value: '314076', text: 'lisinopril 10 MG Oral Tablet' } } }),
  prescribe.edit({ command: 'c', fields: { sig: null } }),
  labOrder.originate({ note: 'n', fields: { testsOrderCodes: ['4548-4', '2345-7'] } }),
  plan.commit({ command: 'c' }),
];

// @ts-expect-error: a plan has no such field
plan.originate({ note: 'n', fields: { narative: 'Recheck.' } });
// @ts-expect-error: a narrative is text
plan.edit({ command: 'c', fields: { narrative: 12 } });
// @ts-expect-error: a command is entered into a note
plan.originate({ fields: { narrative: 'Recheck.' } });
// @ts-expect-error: the prescription's field, not the plan's
plan.originate({ note: 'n', fields: { prescribe: '314076' } });
// @ts-expect-error: no search, so no value alone
prescribe.originate({ note: 'n', fields: { quantityToDispense: '30' } });
// @ts-expect-error: there is no such command
sdk.plann;

// @ts-expect-error: there is no such event
EventType.LAB_REPORT_CREATD;

// @ts-expect-error: there is no such event
export class WrongEvent extends BaseProtocol.on('LAB_REPORT_CREATD') {
  override compute(): void {}
}

// @ts-expect-error: there is no such event
export class WrongPlain extends BaseProtocol {
  static override RESPONDS_TO = ['LAB_REPORT_CREATD'];
  override compute(): void {}
}

// @ts-expect-error: a handler computes
export class Idle extends BaseProtocol.on(EventType.TASK_CREATED) {}

// @ts-expect-error: a handler responds to something
export class Deaf extends BaseProtocol.on() {
  override compute(): void {}
}

export class WrongUse extends BaseProtocol.on(EventType.TASK_CREATED) {
  // @ts-expect-error: an answer is effects
  override compute(): string {
    // @ts-expect-error: a Task has no conclusion
    this.event.context.record.conclusion;
    // @ts-expect-error: not an R4 type
    void this.data.read('Bot', 'b');
    return 'done';
  }
}

// @ts-expect-error: a task has a title
createTask({ patient: 'p' });
// @ts-expect-error: misspelt
createTask({ title: 't', asignee: 'Practitioner/1' });
// @ts-expect-error: not a priority
createTask({ title: 't', priority: 'high' });
// @ts-expect-error: a Task needs status and intent
createRecord({ resourceType: 'Task' });
// @ts-expect-error: not an operation of JSON Patch
patchRecord({ type: 'Task', id: 't', patch: [{ op: 'set', path: '/status' }] });
