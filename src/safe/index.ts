export { type SafeSenders, sendThroughSafe } from "./send-through.js";
