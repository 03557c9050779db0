export { Domain } from "./domain.js";
export { FixedBase, GENERATORS } from "./fixed-base.js";
export { BASE_FIELD_ORDER, LANES, powerModulo } from "./limbs.js";
export {
  ArithmeticMemory,
  type Call,
  type Job,
  type Machine,
  singleThread,
  ThreadMemory,
  timed,
} from "./machine.js";
export {
  filePointBytes,
  multiScalarSum,
  type PointList,
  PointReader,
  readPoint,
  splitScalars,
  timesJob,
  windowWidth,
  writeWords,
} from "./multi-scalar.js";
