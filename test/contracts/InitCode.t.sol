// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {
    CodeSource,
    Comparison,
    ExecutionOpening,
    Groth16Proof,
    Policy,
    ProxyKind
} from "../../contracts/types/FastTrackTypes.sol";
import {SafetyChecks} from "../../contracts/libraries/SafetyChecks.sol";
import {CallingConstructor, Oracle} from "./mocks/Hostile.sol";
import {Vault, VaultFixed} from "./mocks/Vaults.sol";
import {Patch} from "./support/LaneFixture.sol";
import {ProxyFixture} from "./support/ProxyFixture.sol";

/// @dev Init code is the first foreign code of an execution: what it does, safety checks see.
contract InitCodeTest is ProxyFixture {
    Oracle internal oracle;
    Vault internal first;
    Vault internal second;

    function setUp() public override {
        super.setUp();
        oracle = new Oracle();
        address admin;
        (first, admin) = _transparent();
        Policy memory policy = _policy(ProxyKind.TransparentV5, admin);
        policy.checks = _checks(_check(address(oracle), abi.encodeCall(Oracle.read, ()), Comparison.EqualToBefore));
        _register(address(first), policy, _implementationOf(address(first)));
        (second,) = _transparent();
    }

    /// @dev A patch whose constructor sets the oracle.
    function _moving(uint256 value) internal returns (Patch memory) {
        bytes memory arguments = abi.encode(oracle, abi.encodeCall(Oracle.set, (value)), address(new VaultFixed()).code);
        return _seal(abi.encodePacked(type(CallingConstructor).creationCode, arguments), "", value);
    }

    function _expectMoved() internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                SafetyChecks.SafetyCheckViolated.selector,
                address(first),
                0,
                bytes32(uint256(100)),
                bytes32(uint256(101))
            )
        );
    }

    function test_P05_aConstructorThatMovesWhatACheckWatchesIsCaught() public {
        Patch memory patch = _moving(101);
        uint256 commitment = _schedule(patch, address(first));
        vm.warp(block.timestamp + DELAY);
        _expectMoved();
        _execute(commitment, patch);

        // What it leaves as it was is not.
        patch = _moving(100);
        _fastTrack(patch, address(first));
        vm.assertEq(first.version(), 2);
    }

    function test_P05_noConstructorOfABatchRunsBeforeAllChecksAreMeasured() public {
        // The constructor of the first statement moves what the checks of the second one watch.
        Patch[] memory patches = new Patch[](2);
        patches[0] = _moving(101);
        patches[1] = _seal(type(VaultFixed).creationCode, "", 1);
        uint256[] memory commitments = new uint256[](2);
        commitments[0] = _schedule(patches[0], address(second));
        commitments[1] = _schedule(patches[1], address(first));
        vm.warp(block.timestamp + DELAY);

        CodeSource[] memory codes = new CodeSource[](2);
        ExecutionOpening[] memory openings = new ExecutionOpening[](2);
        Groth16Proof[] memory proofs = new Groth16Proof[](2);
        for (uint256 i = 0; i < 2; ++i) {
            (codes[i], openings[i], proofs[i]) = (patches[i].code, patches[i].opening, _proof());
        }
        _expectMoved();
        vm.prank(executor);
        lane.executeBatch(commitments, codes, openings, proofs);
    }
}
