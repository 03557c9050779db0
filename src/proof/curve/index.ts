export { singleThreadCurve, withCurve } from "./curve.js";
