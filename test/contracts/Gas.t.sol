// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Comparison, Policy, ProxyKind, SafetyCheck} from "../../contracts/interfaces/FastTrackTypes.sol";
import {UUPSVaultFixed, VaultState} from "./mocks/Vaults.sol";
import {LaneFixture, Patch} from "./support/LaneFixture.sol";

/**
 * @dev Budgets of contracts.md section 5, for an implementation of 24,576 bytes.
 * Isolated, so that each call below is a transaction of its own: cold storage, and the gas of a receipt. The Groth16
 * verifiers are mocks that cost less than 10,000 gas; the real ones are allowed for in full on top of them.
 */
/// forge-config: default.isolate = true
contract GasTest is LaneFixture {
    uint256 internal constant ATTEST_VERIFIER = 235_000;
    uint256 internal constant BIND_VERIFIER = 222_000;

    Patch internal patch;
    bytes32 internal id;

    function setUp() public override {
        super.setUp();
        vault.deposit(50);
        Policy memory policy = _policy(ProxyKind.UUPS, address(0));
        policy.checks = new SafetyCheck[](2);
        policy.checks[0] = _check(address(vault), abi.encodeCall(vault.total, ()), Comparison.NotLessThanBefore);
        policy.checks[1] = _check(address(vault), abi.encodeCall(VaultState.drain, ()), Comparison.MustRevert);
        _register(address(vault), policy, _implementationOf(address(vault)));

        // Real UUPS code that knows its own address, filled up to the limit behind its last instruction.
        address implementation = address(new UUPSVaultFixed(address(lane), 7));
        bytes memory code = new bytes(24_576);
        bytes memory head = implementation.code;
        for (uint256 i = 0; i < code.length; ++i) {
            code[i] = i < head.length ? head[i] : bytes1(uint8(i * 7));
        }
        vm.etch(implementation, code);
        patch = _sealDeployed(implementation, "", 1);
        // Calldata, and so gas, that does not hang on the compiler's metadata.
        patch.secret.codeDigest = uint256(keccak256("code digest")) >> 8;
        patch.commitment = patchVerifier.commitmentOf(patch.secret);
    }

    function _record(string memory call_) internal returns (uint256 gas_) {
        gas_ = vm.lastCallGas().gasTotalUsed;
        vm.snapshotValue("FastTrack", call_, gas_);
    }

    function test_scheduleStaysWithinItsBudget() public {
        _schedule(patch, address(vault));
        vm.assertLe(_record("schedule, verifier mocked") + ATTEST_VERIFIER, 400_000, "schedule");
    }

    function test_executeStaysWithinItsBudget() public {
        id = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        _execute(id, patch);
        vm.assertLe(_record("execute 24,576 bytes, verifier mocked") + BIND_VERIFIER, 450_000, "execute");
        vm.assertEq(vault.version(), 2);
    }

    function test_discloseStaysWithinItsBudget() public {
        id = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        _execute(id, patch);
        _disclose(id, patch);
        vm.assertLe(_record("disclose"), 150_000, "disclose");
    }

    function test_deployedTimelockFitsTheLimit() public {
        vm.assertLe(address(lane).code.length, 24_576, "deployed size");
        vm.snapshotValue("FastTrack", "deployed bytes", address(lane).code.length);
    }
}
