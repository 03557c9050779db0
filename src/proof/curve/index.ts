export { singleThreadCurve, withCurve } from "./curve.js";
export { Threads, threadCount } from "./threads.js";
