// What the server tells of events and of plugins' runs, as it declares it.

import type { Static } from 'typebox';
import type { Delivery as DeliveryShape } from '@chartwire/client/internal/contract/deliveries';
import type { BriefEvent as BriefEventShape, ListedEvent } from '@chartwire/client/internal/contract/event';
import type { EventStory, EventTree } from '@chartwire/client/internal/contract/events';
import type {
  Check as CheckShape,
  Effect as EffectShape,
  Execution as ExecutionShape,
} from '@chartwire/client/internal/contract/execution';

export type LoggedEvent = Static<typeof ListedEvent>;
export type BriefEvent = Static<typeof BriefEventShape>;
/** As a list shows it: one that was heard live says whose it is, and not what they are called. */
export type ShownEvent = BriefEvent & { readonly patientName?: LoggedEvent['patientName'] };
export type Story = Static<typeof EventStory>;
export type Tree = Static<typeof EventTree>;
export type TreeNode = Tree['nodes'][number];
export type TreeRun = TreeNode['executions'][number];
export type Gate = Story['gates'][number];
export type Check = Static<typeof CheckShape>;
export type Delivery = Static<typeof DeliveryShape>;
export type Execution = Static<typeof ExecutionShape>;
export type Effect = Static<typeof EffectShape>;
