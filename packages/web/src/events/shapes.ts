// What the server tells of events and of plugins' runs, as it declares it.

import type { Static } from 'typebox';
import type * as Shapes from 'chartwire/internal/server/api/shapes';

export type LoggedEvent = Static<typeof Shapes.ListedEvent>;
export type BriefEvent = Static<typeof Shapes.BriefEvent>;
/** As a list shows it: one that was heard live says whose it is, and not what they are called. */
export type ShownEvent = BriefEvent & { readonly patientName?: LoggedEvent['patientName'] };
export type Story = Static<typeof Shapes.EventStory>;
export type Tree = Static<typeof Shapes.EventTree>;
export type TreeNode = Tree['nodes'][number];
export type TreeRun = TreeNode['executions'][number];
export type Gate = Story['gates'][number];
export type Check = Static<typeof Shapes.Check>;
export type Delivery = Static<typeof Shapes.Delivery>;
export type Execution = Static<typeof Shapes.Execution>;
export type Effect = Static<typeof Shapes.Effect>;
