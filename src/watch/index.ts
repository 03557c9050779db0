export { type CursorFile, type LaneCursor, newCursor, withCursor } from "./cursor.js";
export type { EventValue, LaneEvent } from "./event.js";
export { type FollowOptions, type FollowStep, followLane } from "./follow.js";
export { missingLogs } from "./history.js";
export { type ReadLaneOptions, readLane } from "./read-lane.js";
export type {
  ChainBlock,
  GroupReport,
  LaneAction,
  LaneActor,
  LaneReport,
  NextStep,
  ProxyReport,
  ReportedRole,
  Spoken,
  StatementReport,
} from "./report.js";
