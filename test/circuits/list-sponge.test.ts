import { describeAcceptCases } from "./accept.js";

describeAcceptCases("list-sponge");
