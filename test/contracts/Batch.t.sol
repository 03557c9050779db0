// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {
    CodeSource,
    Comparison,
    ExecutionOpening,
    Groth16Proof,
    Policy,
    ProxyKind,
    SafetyCheck,
    StatementState
} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {SafetyChecks} from "../../contracts/libraries/SafetyChecks.sol";
import {UUPSVault, UUPSVaultFixed, VaultState} from "./mocks/Vaults.sol";
import {LaneFixture, Patch} from "./support/LaneFixture.sol";

contract BatchTest is LaneFixture {
    UUPSVault internal second;
    uint256[] internal commitments;
    CodeSource[] internal codes;
    ExecutionOpening[] internal openings;
    Groth16Proof[] internal proofs;

    function setUp() public override {
        super.setUp();
        second = _newVault();
        _register(address(second), _policy(ProxyKind.UUPS, address(0)), _implementationOf(address(second)));
    }

    function _add(Patch memory patch, address proxy) internal returns (uint256 commitment) {
        commitment = _schedule(patch, proxy);
        _push(commitment, patch);
    }

    function _push(uint256 commitment, Patch memory patch) internal {
        commitments.push(commitment);
        codes.push(patch.code);
        openings.push(patch.opening);
        proofs.push(_proof());
    }

    function _run() internal {
        vm.prank(executor);
        lane.executeBatch(commitments, codes, openings, proofs);
    }

    function _addCheck(address proxy, address target, Comparison comparison) internal {
        Policy memory policy = _policy(ProxyKind.UUPS, address(0));
        policy.checks = _checks(_check(target, abi.encodeCall(vault.total, ()), comparison));
        _register(proxy, policy, _implementationOf(proxy));
    }

    function test_P01_severalStatementsExecuteTogether() public {
        Patch memory firstPatch = _vaultPatch(1);
        Patch memory otherPatch = _vaultPatch(2);
        uint256 first = _add(firstPatch, address(vault));
        uint256 other = _add(otherPatch, address(second));
        vm.warp(block.timestamp + DELAY);
        _run();
        vm.assertEq(vault.version(), 2);
        vm.assertEq(second.version(), 2);
        _assertState(first, StatementState.Executed);
        _assertState(other, StatementState.Executed);
        // Both are due at the same time; each counts.
        vm.assertEq(lane.nextDisclosureDueAt(), block.timestamp + DISCLOSURE);
        _disclose(first, firstPatch);
        vm.assertEq(lane.nextDisclosureDueAt(), block.timestamp + DISCLOSURE);
        _disclose(other, otherPatch);
        vm.assertEq(lane.nextDisclosureDueAt(), 0);
    }

    function test_P05_allOrNothing() public {
        uint256 first = _add(_vaultPatch(1), address(vault));
        uint256 other = _add(_vaultPatch(2), address(second));
        vm.warp(block.timestamp + DELAY);
        vm.prank(guardian);
        lane.veto(other, "not this one");
        _expectState(other, StatementState.Vetoed, StatementState.Scheduled);
        _run();
        _assertState(first, StatementState.Scheduled);
        vm.assertEq(vault.version(), 1);
    }

    function test_P02_aStatementTwiceInABatchIsRefused() public {
        Patch memory patch = _vaultPatch(1);
        uint256 commitment = _add(patch, address(vault));
        _push(commitment, patch);
        vm.warp(block.timestamp + DELAY);
        _expectState(commitment, StatementState.Executed, StatementState.Scheduled);
        _run();
    }

    function test_T01_aProxyTwiceInABatchIsRefused() public {
        _add(_vaultPatch(1), address(vault));
        uint256 other = _add(_vaultPatch(2), address(vault));
        vm.warp(block.timestamp + DELAY);
        _expectState(other, StatementState.Superseded, StatementState.Scheduled);
        _run();
    }

    function test_listsOfUnequalLengthAreRefused() public {
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackBatchLength.selector, 0, 0, 0, 0));
        _run();
        _add(_vaultPatch(1), address(vault));
        vm.warp(block.timestamp + DELAY);
        for (uint256 i = 0; i < 4; ++i) {
            uint256 snapshot = vm.snapshotState();
            uint256[4] memory lengths = [uint256(1), 1, 1, 1];
            lengths[i] = 0;
            if (i == 0) delete commitments;
            if (i == 1) delete codes;
            if (i == 2) delete openings;
            if (i == 3) delete proofs;
            vm.expectRevert(
                abi.encodeWithSelector(
                    IFastTrack.FastTrackBatchLength.selector, lengths[0], lengths[1], lengths[2], lengths[3]
                )
            );
            _run();
            vm.revertToState(snapshot);
        }
    }

    function test_P01_eachMemberNeedsItsOwnProof() public {
        UUPSVault third = _newVault();
        _register(address(third), _policy(ProxyKind.UUPS, address(0)), _implementationOf(address(third)));
        _add(_vaultPatch(1), address(vault));
        _add(_vaultPatch(2), address(second));
        _add(_vaultPatch(3), address(third));
        vm.warp(block.timestamp + DELAY);
        Groth16Proof memory none;
        for (uint256 i = 0; i < 3; ++i) {
            proofs[i] = none;
            vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackBindProofRejected.selector, commitments[i]));
            _run();
            proofs[i] = _proof();
        }
        _run();
        vm.assertEq(third.version(), 2);
    }

    function test_P05_checksOfEveryMemberHoldAfterTheLastUpgrade() public {
        UUPSVault third = _newVault();
        _register(address(third), _policy(ProxyKind.UUPS, address(0)), _implementationOf(address(third)));
        // The second of three looks at what the third's migration changes.
        _addCheck(address(second), address(third), Comparison.EqualToBefore);
        _add(_vaultPatch(1), address(vault));
        _add(_vaultPatch(2), address(second));
        _add(_vaultPatch(3, abi.encodeCall(UUPSVaultFixed.migrate, (0, 9))), address(third));
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(
                SafetyChecks.SafetyCheckViolated.selector, address(second), 0, bytes32(0), bytes32(uint256(9))
            )
        );
        _run();
    }

    function test_upgradesRunInTheOrderGiven() public {
        // The second migration builds on the first.
        bytes memory set =
            abi.encodeCall(UUPSVaultFixed.migrateCall, (address(second), abi.encodeCall(VaultState.setPrice, (41))));
        _add(_vaultPatch(1, set), address(vault));
        _add(_vaultPatch(2, abi.encodeCall(UUPSVaultFixed.migrate, (42, 0))), address(second));
        vm.warp(block.timestamp + DELAY);
        _run();
        vm.assertEq(second.price(), 42);
    }

    function test_P05_checksOfTheFirstHoldAfterTheLastUpgradeToo() public {
        _addCheck(address(vault), address(second), Comparison.EqualToBefore);
        _add(_vaultPatch(1), address(vault));
        _add(_vaultPatch(2, abi.encodeCall(UUPSVaultFixed.migrate, (0, 9))), address(second));
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(
                SafetyChecks.SafetyCheckViolated.selector, address(vault), 0, bytes32(0), bytes32(uint256(9))
            )
        );
        _run();
    }

    function test_P05_checksOfTheLastLookBackToBeforeTheFirst() public {
        _addCheck(address(second), address(vault), Comparison.NotMoreThanBefore);
        _add(_vaultPatch(1, abi.encodeCall(UUPSVaultFixed.migrate, (0, 9))), address(vault));
        _add(_vaultPatch(2), address(second));
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(
                SafetyChecks.SafetyCheckViolated.selector, address(second), 0, bytes32(0), bytes32(uint256(9))
            )
        );
        _run();
    }

    function test_P05_eachProxysChecksAreComparedAfterItsOwnUpgrade() public {
        // The second migration would put right what the first breaks; the first's checks come in between.
        _addCheck(address(vault), address(vault), Comparison.EqualToBefore);
        _add(_vaultPatch(1, abi.encodeCall(UUPSVaultFixed.migrate, (0, 9))), address(vault));
        bytes memory repair = abi.encodeCall(
            UUPSVaultFixed.migrateCall, (address(vault), abi.encodeCall(UUPSVaultFixed.migrate, (0, 0)))
        );
        _add(_vaultPatch(2, repair), address(second));
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(
                SafetyChecks.SafetyCheckViolated.selector, address(vault), 0, bytes32(0), bytes32(uint256(9))
            )
        );
        _run();
    }

    function test_P04_twoProxiesOfABatchRunOneImplementation() public {
        // The second init code would collide with what the first one left behind.
        Patch memory firstPatch = _vaultPatch(1);
        Patch memory otherPatch = _vaultPatch(1);
        otherPatch.secret.salt = 2;
        otherPatch.commitment = patchVerifier.commitmentOf(otherPatch.secret);
        _add(firstPatch, address(vault));
        _add(otherPatch, address(second));
        vm.warp(block.timestamp + DELAY);
        uint256 snapshot = vm.snapshotState();
        _run();
        vm.assertTrue(_implementationOf(address(vault)) == _addressOf(firstPatch));
        vm.assertTrue(_implementationOf(address(second)) == _addressOf(firstPatch));
        vm.revertToState(snapshot);

        // What is found there is bound as always.
        vm.etch(_addressOf(firstPatch), hex"00");
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackBindProofRejected.selector, firstPatch.commitment));
        _run();
    }
}
