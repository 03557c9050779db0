// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {
    CodeSource,
    ExecutionOpening,
    Groth16Proof,
    LaneStatus,
    PatchOpening,
    Policy,
    ProxyKind,
    ScheduleRequest,
    StatementState
} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {CallingConstructor, Reenterer} from "./mocks/Hostile.sol";
import {UUPSVaultFixed, Vault, VaultFixed} from "./mocks/Vaults.sol";
import {LaneFixture, Patch} from "./support/LaneFixture.sol";

/// @dev T12: whatever runs inside an execution finds every door of the timelock's state shut.
contract ReentrancyTest is LaneFixture {
    bytes internal reentrant = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
    bytes32 internal constant SALT = keccak256("salt");

    Patch internal inner;
    uint256 internal innerCommitment;
    address internal second;

    function setUp() public override {
        super.setUp();
        // The worst case: every role is open or in the hands of the re-entering contracts.
        second = address(_newVault());
        _register(second, _policy(ProxyKind.UUPS, address(0)), _implementationOf(second));
        vm.startPrank(address(lane));
        slow.grantRole(slow.EXECUTOR_ROLE(), address(0));
        slow.grantRole(slow.CANCELLER_ROLE(), address(vault));
        slow.grantRole(keccak256("GUARDIAN_ROLE"), address(vault));
        slow.grantRole(keccak256("COUNCIL_ROLE"), address(vault));
        vm.stopPrank();
        inner = _vaultPatch(50);
        innerCommitment = _schedule(inner, second);
        // A ready operation of the slow path that would change the rules under the execution's feet.
        vm.prank(proposer);
        slow.schedule(address(lane), 0, _rule(), 0, SALT, SLOW_DELAY);
        vm.warp(block.timestamp + SLOW_DELAY);
    }

    function _rule() internal view returns (bytes memory) {
        // Nothing but the watch over outgoing calls guards this one: the lane's own functions have a guard themselves.
        return abi.encodeCall(IAccessControl.grantRole, (keccak256("COUNCIL_ROLE"), stranger));
    }

    function _doors() internal view returns (bytes[] memory doors) {
        doors = new bytes[](8);
        doors[0] = abi.encodeCall(IFastTrack.execute, (innerCommitment, inner.code, inner.opening, _proof()));
        doors[1] = abi.encodeCall(
            IFastTrack.executeBatch,
            (new uint256[](1), new CodeSource[](1), new ExecutionOpening[](1), new Groth16Proof[](1))
        );
        doors[2] = abi.encodeCall(
            IFastTrack.schedule, (ScheduleRequest(1, address(vault), _validUntil(), 0), new bytes32[](0), _proof())
        );
        doors[3] = abi.encodeCall(IFastTrack.veto, (innerCommitment, "inside"));
        doors[4] = abi.encodeCall(IFastTrack.halt, ("inside"));
        doors[5] = abi.encodeCall(IFastTrack.disclose, (innerCommitment, inner.secret, bytes32(0), ""));
        doors[6] = abi.encodeCall(TimelockController.execute, (address(lane), 0, _rule(), bytes32(0), SALT));
        address[] memory targets = _list(address(lane));
        bytes[] memory payloads = new bytes[](1);
        payloads[0] = _rule();
        doors[7] =
            abi.encodeCall(TimelockController.executeBatch, (targets, new uint256[](1), payloads, bytes32(0), SALT));
    }

    function _executeRefused(Patch memory patch, address proxy) internal {
        uint256 commitment = _schedule(patch, proxy);
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(reentrant);
        _execute(commitment, patch);
        _assertState(commitment, StatementState.Scheduled);
    }

    function test_T12_aMigrationCannotReenter() public {
        bytes[] memory doors = _doors();
        _scheduleBatchOperation();
        for (uint256 i = 0; i < doors.length; ++i) {
            bytes memory migration = abi.encodeCall(UUPSVaultFixed.migrateCall, (address(lane), doors[i]));
            uint256 snapshot = vm.snapshotState();
            _executeRefused(_vaultPatch(i + 1, migration), address(vault));
            vm.revertToState(snapshot);
        }
    }

    /// @dev The batch door needs an operation of its own that is ready.
    function _scheduleBatchOperation() internal {
        bytes[] memory payloads = new bytes[](1);
        payloads[0] = _rule();
        vm.prank(proposer);
        slow.scheduleBatch(_list(address(lane)), new uint256[](1), payloads, 0, SALT, SLOW_DELAY);
        vm.warp(block.timestamp + SLOW_DELAY - DELAY);
    }

    function test_T12_aConstructorCannotReenter() public {
        bytes[] memory doors = _doors();
        _scheduleBatchOperation();
        for (uint256 i = 0; i < doors.length; ++i) {
            // A new contract holds no role: the open ones are what it can knock at.
            if (i >= 2 && i <= 5) continue;
            uint256 snapshot = vm.snapshotState();
            Patch memory patch = _sealDeployed(address(new UUPSVaultFixed(address(lane), 7)), "", i + 1);
            uint256 commitment = _schedule(patch, address(vault));
            vm.warp(block.timestamp + DELAY);
            patch.code.implementation = address(0);
            patch.code.initCode = abi.encodePacked(
                type(CallingConstructor).creationCode, abi.encode(address(lane), doors[i], patch.runtime)
            );
            vm.expectRevert(reentrant);
            _execute(commitment, patch);
            vm.revertToState(snapshot);
        }
    }

    function test_T12_theTargetCannotReenter() public {
        // The target of the upgrade call itself calls back: here a ProxyAdmin that is none.
        bytes[] memory doors = _doors();
        _scheduleBatchOperation();
        Reenterer admin = new Reenterer();
        Vault implementation = new Vault();
        vm.startPrank(address(lane));
        slow.grantRole(slow.CANCELLER_ROLE(), address(admin));
        slow.grantRole(keccak256("GUARDIAN_ROLE"), address(admin));
        slow.grantRole(keccak256("COUNCIL_ROLE"), address(admin));
        vm.stopPrank();
        _register(address(this), _policy(ProxyKind.TransparentV5, address(admin)), address(implementation));
        for (uint256 i = 0; i < doors.length; ++i) {
            uint256 snapshot = vm.snapshotState();
            admin.arm(address(lane), doors[i]);
            _fastTrack(_seal(type(VaultFixed).creationCode, "", i + 1), address(this));
            vm.assertTrue(admin.called());
            vm.assertFalse(admin.success());
            vm.assertEq(admin.answer(), reentrant);
            vm.revertToState(snapshot);
        }
    }

    function test_P08_theSlowPathIsNotBlockedOutsideAnExecution() public {
        _fastTrack(_vaultPatch(1), address(vault));
        slow.execute(address(lane), 0, _rule(), 0, SALT);
        vm.assertTrue(slow.hasRole(keccak256("COUNCIL_ROLE"), stranger));
    }

    function test_theFastLaneRunsWithinASlowPathCall() public {
        // The other way round nothing is half done when the outgoing call is made.
        Reenterer middle = new Reenterer();
        middle.arm(address(lane), _doors()[0]);
        _govern(address(middle), hex"01");
        vm.assertTrue(middle.success());
        _assertState(innerCommitment, StatementState.Executed);
    }

    function test_P10_anUpgradeBySlowPathClosesTheLaneBeforeItsOwnMigrationRuns() public {
        Patch memory patch = _vaultPatch(1);
        uint256 commitment = _schedule(patch, address(vault));
        UUPSVaultFixed implementation = new UUPSVaultFixed(address(lane), 1);
        bytes memory reenter = abi.encodeCall(IFastTrack.execute, (commitment, patch.code, patch.opening, _proof()));
        bytes memory data = abi.encodeCall(
            implementation.upgradeToAndCall,
            (address(implementation), abi.encodeCall(UUPSVaultFixed.migrateCall, (address(lane), reenter)))
        );
        vm.prank(proposer);
        slow.schedule(address(vault), 0, data, 0, SALT, SLOW_DELAY);
        vm.warp(block.timestamp + SLOW_DELAY);
        _expectClosed(address(vault), LaneStatus.BaselineStale);
        slow.execute(address(vault), 0, data, 0, SALT);
    }
}
