/** What waits and goes on in a workspace, and when its flows start by themselves. */

import type { Schemas } from "./schemas";

export type Queue = Schemas["Queue"];
export type QueueRun = Schemas["QueueRun"];
export type CallerKind = NonNullable<QueueRun["caller"]>;
export type Schedule = Schemas["Schedule"];
export type ScheduleNote = Schemas["ScheduleNote"];
export type SchedulePreview = Schemas["SchedulePreview"];
export type PreviewedTime = Schemas["PreviewedTime"];
