import { Interface, id, TypedDataEncoder, Wallet, ZeroHash } from "ethers";
import type { CaseContext } from "../../src/drill/index.js";
import type { Hex } from "../../src/vectors/index.js";
import { ContractCalls } from "../scripted.js";

export type Actor = "deployer" | "admin" | "victim" | "attacker" | "outsider" | "friend";
export type Context = CaseContext<Actor>;

export const ETHER = 10n ** 18n;
/** Tokens that the victim has, and lets the airdrop contract spend. */
export const TOKENS = 1_000n * ETHER;
export const CONTRACT_URI = "ipfs://airdrop";
export const ADMIN_ROLE = ZeroHash as Hex;

/** Stands for ETH in place of a token's address. */
export const NATIVE_TOKEN = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

/** Accounts that sign requests for the forwarder; the keys are not secret. The first is the attacker's. */
export const ANYBODY = new Wallet(id("thirdweb-multicall: anybody"));
export const SECOND_ADMIN = new Wallet(id("thirdweb-multicall: second admin"));

/** The airdrop contract's interface, the same before and after the fix. */
export const AIRDROP = new ContractCalls(
  new Interface([
    "function initialize(address admin, string contractURI, address[] trustedForwarders)",
    "function contractType() view returns (bytes32)",
    "function contractVersion() view returns (uint8)",
    "function contractURI() view returns (string)",
    "function setContractURI(string uri)",
    "function isTrustedForwarder(address forwarder) view returns (bool)",
    "function airdropERC20(address token, address owner, tuple(address recipient, uint256 amount)[] contents) payable",
    "function multicall(bytes[] data) returns (bytes[] results)",
    "function hasRole(bytes32 role, address account) view returns (bool)",
    "function getRoleMemberCount(bytes32 role) view returns (uint256)",
    "function getRoleMember(bytes32 role, uint256 index) view returns (address)",
    "function grantRole(bytes32 role, address account)",
    "function revokeRole(bytes32 role, address account)",
    "function renounceRole(bytes32 role, address account)",
    "function upgradeToAndCall(address newImplementation, bytes data)",
  ]),
);

/** The part of ERC-20 that the airdrop contract uses. */
export const TOKEN = new ContractCalls(
  new Interface([
    "function approve(address spender, uint256 amount) returns (bool)",
    "function balanceOf(address holder) view returns (uint256)",
  ]),
);

const REQUEST = "tuple(address from, address to, uint256 value, uint256 gas, uint256 nonce, bytes data)";

/** thirdweb's forwarder. */
export const FORWARDER = new ContractCalls(
  new Interface([`function execute(${REQUEST} request, bytes signature) payable returns (bool, bytes)`]),
);

/** Values of the forwarder's `execute`: a call to the airdrop contract, signed by whoever makes it (EIP-712). */
export function forwarded({ chainId, subject, surroundings }: Context, by: Wallet, data: Hex): unknown[] {
  const request = { from: by.address, to: subject, value: 0n, gas: 2_000_000n, nonce: 0n, data };
  const domain = {
    name: "GSNv2 Forwarder",
    version: "0.0.1",
    chainId,
    verifyingContract: surroundings.forwarder!,
  };
  const types = {
    ForwardRequest: [
      { name: "from", type: "address" },
      { name: "to", type: "address" },
      { name: "value", type: "uint256" },
      { name: "gas", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "data", type: "bytes" },
    ],
  };
  const { serialized } = by.signingKey.sign(TypedDataEncoder.hash(domain, types, request));
  return [request, serialized];
}
