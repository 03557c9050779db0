export { singleThreadCurve, withCurve } from "./curve.js";
export { Threads } from "./threads.js";
