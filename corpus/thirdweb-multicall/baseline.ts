import { encodeBytes32String, ZeroHash } from "ethers";
import type { Scenario, ScriptedCall } from "../../src/drill/index.js";
import type { ExpectedCall, Hex } from "../../src/vectors/index.js";
import {
  type CallOptions,
  invariant,
  REVERTS_SILENTLY,
  regression,
  returns,
  revertsWith,
} from "../scripted.js";
import {
  ADMIN_ROLE,
  AIRDROP,
  ANYBODY,
  CONTRACT_URI,
  type Context,
  ETHER,
  FORWARDER,
  forwarded,
  NATIVE_TOKEN,
  SECOND_ADMIN,
  TOKEN,
  TOKENS,
} from "./airdrop.js";
import { approval } from "./exploit.js";

const NEW_URI = "ipfs://another";
const NOT_AUTHORIZED = revertsWith("Not authorized.");
const MAY_NOT_SET_URI = revertsWith("Not authorized");

/** What the airdrop contract does before and after the fix alike. */
export function baseline(context: Context): Scenario[] {
  return [
    ...views(context),
    ...tokens(context),
    ...ether(context),
    ...metadata(context),
    ...roles(context),
    ...forwarding(context),
    ...entryPoints(context),
  ];
}

function call(
  { subject }: Context,
  from: Hex,
  name: string,
  values: readonly unknown[],
  expect: ExpectedCall = returns(),
  options: CallOptions = {},
): ScriptedCall {
  return AIRDROP.call(subject, from, name, values, expect, options);
}

function answer({ subject, actors }: Context, name: string, values: readonly unknown[], result: unknown) {
  return AIRDROP.answer(subject, actors.outsider, name, values, [result]);
}

function lacksRole(account: Hex): ExpectedCall {
  return revertsWith(`Permissions: account ${account} is missing role ${ZeroHash}`);
}

function views(context: Context): Scenario[] {
  const { actors, surroundings } = context;
  return [
    invariant("it is an AirdropERC20 of version 2", [
      answer(context, "contractType", [], encodeBytes32String("AirdropERC20")),
      answer(context, "contractVersion", [], 2n),
    ]),
    invariant("its metadata are those it was initialized with", [
      answer(context, "contractURI", [], CONTRACT_URI),
    ]),
    invariant("it trusts the forwarder it was initialized with, and no other", [
      answer(context, "isTrustedForwarder", [surroundings.forwarder], true),
      answer(context, "isTrustedForwarder", [actors.attacker], false),
    ]),
    invariant("the admin is the one it was initialized with", [
      answer(context, "hasRole", [ADMIN_ROLE, actors.admin], true),
      answer(context, "hasRole", [ADMIN_ROLE, actors.deployer], false),
      answer(context, "getRoleMemberCount", [ADMIN_ROLE], 1n),
      answer(context, "getRoleMember", [ADMIN_ROLE, 0n], actors.admin),
    ]),
  ];
}

function tokens(context: Context): Scenario[] {
  const { actors, surroundings } = context;
  const token = surroundings.token!;
  const drop = (from: Hex, contents: readonly (readonly [Hex, bigint])[], expect?: ExpectedCall) =>
    call(context, from, "airdropERC20", [token, actors.victim, contents], expect);
  const balance = (holder: Hex, amount: bigint) =>
    TOKEN.answer(token, actors.outsider, "balanceOf", [holder], [amount]);
  return [
    regression("the admin distributes tokens that their owner has approved", [
      approval(context),
      drop(actors.admin, [
        [actors.friend, 3n * ETHER],
        [actors.outsider, ETHER],
      ]),
      balance(actors.friend, 3n * ETHER),
      balance(actors.outsider, ETHER),
      balance(actors.victim, TOKENS - 4n * ETHER),
    ]),
    regression("the admin distributes all that was approved", [
      approval(context),
      drop(actors.admin, [[actors.friend, TOKENS]]),
    ]),
    regression("an amount of 0 moves nothing", [drop(actors.admin, [[actors.friend, 0n]])]),
    regression("an empty list moves nothing", [drop(actors.admin, [])]),
    regression("tokens that were not approved are not distributed", [
      drop(actors.admin, [[actors.friend, ETHER]], revertsWith("Not balance or allowance")),
    ]),
    regression("more than was approved is not distributed", [
      approval(context),
      drop(
        actors.admin,
        [
          [actors.friend, TOKENS],
          [actors.outsider, 1n],
        ],
        revertsWith("Not balance or allowance"),
      ),
    ]),
    regression("nobody but the admin distributes", [
      approval(context),
      drop(actors.attacker, [[actors.attacker, ETHER]], NOT_AUTHORIZED),
    ]),
  ];
}

function ether(context: Context): Scenario[] {
  const { actors, surroundings } = context;
  // The admin may be a contract without ETH of its own.
  const appointed = call(context, actors.admin, "grantRole", [ADMIN_ROLE, actors.friend]);
  const drop = (contents: readonly (readonly [Hex, bigint])[], value: bigint, expect?: ExpectedCall) =>
    call(context, actors.friend, "airdropERC20", [NATIVE_TOKEN, actors.friend, contents], expect, { value });
  return [
    regression("an admin distributes ETH that he brings", [
      appointed,
      drop(
        [
          [actors.victim, ETHER],
          [actors.outsider, 2n * ETHER],
        ],
        3n * ETHER,
      ),
    ]),
    regression("ETH that is missing is not distributed", [
      appointed,
      drop([[actors.victim, 2n * ETHER]], ETHER, revertsWith("Insufficient native token amount")),
    ]),
    regression("ETH that is left over is refused", [
      appointed,
      drop([[actors.victim, ETHER]], 2n * ETHER, revertsWith("Incorrect native token amount")),
    ]),
    regression("ETH that a recipient refuses goes back", [
      appointed,
      drop(
        [
          [surroundings.refuser!, ETHER],
          [actors.victim, ETHER],
        ],
        2n * ETHER,
      ),
    ]),
    regression("nobody but an admin distributes ETH", [
      drop([[actors.victim, ETHER]], ETHER, NOT_AUTHORIZED),
    ]),
  ];
}

function metadata(context: Context): Scenario[] {
  const { actors } = context;
  const setUri = (uri: string) => AIRDROP.encode("setContractURI", [uri]);
  const empty = returns(["bytes[]"], [["0x", "0x"]]);
  return [
    regression("the admin changes the metadata", [
      call(context, actors.admin, "setContractURI", [NEW_URI]),
      answer(context, "contractURI", [], NEW_URI),
    ]),
    regression("nobody but the admin changes the metadata", [
      call(context, actors.outsider, "setContractURI", [NEW_URI], MAY_NOT_SET_URI),
    ]),
    regression("the admin makes several calls in one", [
      call(context, actors.admin, "multicall", [[setUri("ipfs://first"), setUri(NEW_URI)]], empty),
      answer(context, "contractURI", [], NEW_URI),
    ]),
    regression("several calls in one give nobody the admin's rights", [
      call(context, actors.outsider, "multicall", [[setUri(NEW_URI)]], MAY_NOT_SET_URI),
    ]),
    regression("of several calls in one, all succeed or none", [
      call(context, actors.admin, "multicall", [[setUri(NEW_URI), "0x12345678"]], {
        success: false,
      }),
      answer(context, "contractURI", [], CONTRACT_URI),
    ]),
  ];
}

function roles(context: Context): Scenario[] {
  const { actors } = context;
  const role = (from: Hex, name: string, account: Hex, expect?: ExpectedCall) =>
    call(context, from, name, [ADMIN_ROLE, account], expect);
  return [
    regression("the admin makes another admin, and unmakes him", [
      role(actors.admin, "grantRole", actors.friend),
      call(context, actors.friend, "setContractURI", [NEW_URI]),
      role(actors.admin, "revokeRole", actors.friend),
      call(context, actors.friend, "setContractURI", [CONTRACT_URI], MAY_NOT_SET_URI),
    ]),
    regression("nobody but the admin makes admins", [
      role(actors.attacker, "grantRole", actors.attacker, lacksRole(actors.attacker)),
    ]),
    regression("nobody but the admin unmakes admins", [
      role(actors.attacker, "revokeRole", actors.admin, lacksRole(actors.attacker)),
    ]),
    regression("an admin renounces", [
      role(actors.admin, "renounceRole", actors.admin),
      answer(context, "hasRole", [ADMIN_ROLE, actors.admin], false),
    ]),
    regression("nobody renounces for another", [
      role(actors.attacker, "renounceRole", actors.admin, revertsWith("Can only renounce for self")),
    ]),
  ];
}

function forwarding(context: Context): Scenario[] {
  const { actors, surroundings } = context;
  const setUri = AIRDROP.encode("setContractURI", [NEW_URI]);
  const forward = (values: readonly unknown[], expect: ExpectedCall) =>
    FORWARDER.call(surroundings.forwarder!, actors.outsider, "execute", values, expect);
  const [request, signature] = forwarded(context, SECOND_ADMIN, setUri);
  const [, foreign] = forwarded(context, ANYBODY, setUri);
  return [
    regression("an admin's signed request is his call, whoever brings it", [
      call(context, actors.admin, "grantRole", [ADMIN_ROLE, SECOND_ADMIN.address]),
      forward([request, signature], returns(["bool", "bytes"], [true, "0x"])),
      answer(context, "contractURI", [], NEW_URI),
    ]),
    regression("a signed request of somebody else is not the admin's", [
      forward(forwarded(context, ANYBODY, setUri), MAY_NOT_SET_URI),
    ]),
    regression("a request is as good as its signature", [
      call(context, actors.admin, "grantRole", [ADMIN_ROLE, SECOND_ADMIN.address]),
      forward([request, foreign], revertsWith("MinimalForwarder: signature does not match request")),
    ]),
    regression("an address at the end of the calldata counts from the forwarder alone", [
      {
        from: actors.attacker,
        to: context.subject,
        data: `${setUri}${actors.admin.slice(2)}`,
        expect: MAY_NOT_SET_URI,
      },
    ]),
  ];
}

function entryPoints(context: Context): Scenario[] {
  const { actors, subject, variant } = context;
  return [
    regression("it takes no ETH without a list", [
      { from: actors.outsider, to: subject, data: "0x", value: ETHER, expect: REVERTS_SILENTLY },
    ]),
    regression("it is initialized once only", [
      call(
        context,
        actors.outsider,
        "initialize",
        [actors.outsider, NEW_URI, []],
        revertsWith("Initializable: contract is already initialized"),
      ),
    ]),
    regression("an unknown function is refused", [
      { from: actors.outsider, to: subject, data: "0x12345678", expect: REVERTS_SILENTLY },
    ]),
    regression("nobody else upgrades it", [
      call(
        context,
        actors.outsider,
        "upgradeToAndCall",
        [subject, "0x"],
        variant === "uups" ? revertsWith("CouncilAirdrop: caller is not the admin") : REVERTS_SILENTLY,
      ),
    ]),
  ];
}
