// The only module for plugin authors: import everything from `chartwire/sdk`. At run time it imports nothing outside this folder,
// which keeps a plugin's script small.

/** The FHIR R4 types: `import type { DiagnosticReport, Observation } from 'chartwire/sdk'`. */
export type * from '@medplum/fhirtypes';
export type { ChartEvent, ContextOf } from '#events/catalogue.ts';
export type { SearchResult, Written } from '#events/contexts.ts';
export type { Actor, Cause, Chain, ChainStep, Source, Target } from '#kit/event.ts';
export type { Option } from '#kit/schema.ts';
export type { TaskComment } from '#records/task.ts';
export {
  add,
  amend,
  annotate,
  confirm,
  demote,
  type GateAnswer,
  hide,
  promote,
  refuse,
  results,
  type SearchAnswer,
  type ShownOption,
} from './answers.ts';
export type { CommandBuilder, GivenFields, OriginateArgument } from './command-builder.ts';
export * from './commands.ts';
export { CronTask } from './cron-task.ts';
export type { DataReader, SearchCriteria, SearchQuery } from './data.ts';
export * from './effects.ts';
export { EventType } from './event-type.ts';
export { FatalError, RetryableError } from './failures.ts';
export {
  type Answer,
  BaseProtocol,
  type HandlerClass,
  type HandlerContext,
  type Log,
  type Practice,
  type Variables,
} from './handler.ts';
export type { Http, HttpRequest, HttpResponse } from './http.ts';
export { ordinalsOf } from './interviews.ts';
export { basicAuth, bearer, type Secret, secretText, signedWith } from './secrets.ts';
