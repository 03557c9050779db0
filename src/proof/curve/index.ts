export { singleThreadCurve, withCurve } from "./curve.js";
export { Threads, threadCount, withThreads } from "./threads.js";
