export { StageProgress, withProgress } from "./progress.js";
export {
  allowClosedPipe,
  formatTable,
  fullHex,
  lineWidth,
  print,
  printDelivered,
  printJson,
  type Style,
  shortenMiddle,
  styled,
  thousands,
  wrap,
} from "./terminal.js";
