// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Comparison, Policy, ProxyKind, SafetyCheck} from "../../contracts/types/FastTrackTypes.sol";
import {UUPSVaultFixed, VaultState} from "./mocks/Vaults.sol";
import {GasFixture, GROTH16_VERIFIER} from "./support/GasFixture.sol";
import {Patch} from "./support/LaneFixture.sol";

/// @dev The budgets on the most common kind of proxy, nothing taken off: the upgrade itself is within them.
/// forge-config: default.isolate = true
contract GasTest is GasFixture {
    Patch internal patch;
    uint256 internal commitment;

    function setUp() public override {
        super.setUp();
        vault.deposit(50);
        Policy memory policy = _policy(ProxyKind.UUPS, address(0));
        policy.checks = new SafetyCheck[](2);
        policy.checks[0] = _check(address(vault), abi.encodeCall(vault.total, ()), Comparison.NotLessThanBefore);
        policy.checks[1] = _check(address(vault), abi.encodeCall(VaultState.drain, ()), Comparison.MustRevert);
        _register(address(vault), policy, _implementationOf(address(vault)));

        // Real UUPS code that knows its own address.
        address implementation = address(new UUPSVaultFixed(address(lane), 7));
        _fill(implementation);
        patch = _steady(_sealDeployed(implementation, "", 1));
    }

    function test_scheduleStaysWithinItsBudget() public {
        _schedule(patch, address(vault));
        vm.assertLe(_record("FastTrack", "schedule, verifier mocked") + GROTH16_VERIFIER, SCHEDULE_BUDGET, "schedule");
    }

    function test_scheduleOfAGroupsMemberStaysWithinItsBudget() public {
        patch.group = keccak256("group");
        _schedule(patch, address(vault));
        uint256 gas_ = _record("FastTrack", "schedule of a group's member, verifier mocked");
        vm.assertLe(gas_ + GROTH16_VERIFIER, SCHEDULE_BUDGET, "schedule");
    }

    function test_executeStaysWithinItsBudget() public {
        commitment = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        _execute(commitment, patch);
        uint256 gas_ = _record("FastTrack", "execute 24,576 bytes, verifier mocked");
        vm.assertLe(gas_ + GROTH16_VERIFIER, EXECUTE_BUDGET, "execute");
        vm.assertEq(vault.version(), 2);
    }

    function test_discloseStaysWithinItsBudget() public {
        commitment = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        _execute(commitment, patch);
        _disclose(commitment, patch);
        vm.assertLe(_record("FastTrack", "disclose"), DISCLOSE_BUDGET, "disclose");
    }

    function test_disclosureOfTheLongestPlaceStaysWithinItsBudget() public {
        commitment = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        _execute(commitment, patch);
        bytes memory uri = new bytes(256);
        for (uint256 i = 0; i < uri.length; ++i) {
            uri[i] = "x";
        }
        vm.prank(council);
        lane.disclose(commitment, patch.secret, keccak256("bundle"), string(uri));
        vm.assertLe(_record("FastTrack", "disclose, longest place"), DISCLOSE_BUDGET, "disclose");
    }

    function test_deployedTimelockFitsTheLimit() public {
        vm.assertLe(address(lane).code.length, CODE_LIMIT, "deployed size");
        vm.snapshotValue("FastTrack", "deployed bytes", address(lane).code.length);
    }
}
