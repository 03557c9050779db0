// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {
    CodeSource,
    Comparison,
    ExecutionOpening,
    Groth16Proof,
    Measure,
    Policy,
    ProxyKind,
    SafetyCheck,
    StatementState
} from "../../contracts/types/FastTrackTypes.sol";
import {SafetyChecks} from "../../contracts/libraries/SafetyChecks.sol";
import {Oracle} from "./mocks/Hostile.sol";
import {UUPSVaultFixed, VaultState} from "./mocks/Vaults.sol";
import {LaneFixture, Patch} from "./support/LaneFixture.sol";

contract SafetyChecksTest is LaneFixture {
    /// @dev As published in SafetyChecks.
    uint256 internal constant CALL_GAS = 500_000;

    /// @dev The memory that a call can pay for with its gas, nearly.
    uint256 internal constant BOMB = 480_000;

    Oracle internal oracle;

    function setUp() public override {
        super.setUp();
        oracle = new Oracle();
        vault.setPrice(10);
        vault.deposit(50);
    }

    function _read() internal view returns (SafetyCheck memory) {
        return _check(address(oracle), abi.encodeCall(Oracle.read, ()), Comparison.EqualToBefore);
    }

    function _setChecks(SafetyCheck[] memory checks) internal {
        Policy memory policy = _policy(ProxyKind.UUPS, address(0));
        policy.checks = checks;
        _register(address(vault), policy, _implementationOf(address(vault)));
    }

    /// @dev Fast-tracks a patch whose migration makes `data` of `target`; expects `refusal`, or success where it is empty.
    function _run(SafetyCheck memory check, address target, bytes memory data, bytes memory refusal) internal {
        uint256 snapshot = vm.snapshotState();
        _setChecks(_checks(check));
        bytes memory migration =
            target == address(0) ? bytes("") : abi.encodeCall(UUPSVaultFixed.migrateCall, (target, data));
        Patch memory patch = _vaultPatch(1, migration);
        uint256 commitment = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        if (refusal.length != 0) vm.expectRevert(refusal);
        _execute(commitment, patch);
        vm.assertEq(vault.version(), refusal.length == 0 ? 2 : 1);
        vm.revertToState(snapshot);
    }

    function _set(uint256 value) internal pure returns (bytes memory) {
        return abi.encodeCall(Oracle.set, (value));
    }

    function _violated(uint256 required, uint256 measured) internal view returns (bytes memory) {
        return abi.encodeWithSelector(
            SafetyChecks.SafetyCheckViolated.selector, address(vault), 0, bytes32(required), bytes32(measured)
        );
    }

    function _failed() internal view returns (bytes memory) {
        return abi.encodeWithSelector(SafetyChecks.SafetyCheckFailed.selector, address(vault), 0);
    }

    function test_equalToBefore() public {
        SafetyCheck memory check = _read();
        _run(check, address(0), "", "");
        _run(check, address(oracle), _set(100), "");
        _run(check, address(oracle), _set(99), _violated(100, 99));
        _run(check, address(oracle), _set(101), _violated(100, 101));
    }

    function test_notLessThanBefore() public {
        SafetyCheck memory check = _read();
        check.comparison = Comparison.NotLessThanBefore;
        _run(check, address(oracle), _set(100), "");
        _run(check, address(oracle), _set(type(uint256).max), "");
        _run(check, address(oracle), _set(99), _violated(100, 99));
    }

    function test_notMoreThanBefore() public {
        SafetyCheck memory check = _read();
        check.comparison = Comparison.NotMoreThanBefore;
        _run(check, address(oracle), _set(100), "");
        _run(check, address(oracle), _set(0), "");
        _run(check, address(oracle), _set(101), _violated(100, 101));
    }

    function test_equalToConstant() public {
        SafetyCheck memory check = _read();
        check.comparison = Comparison.EqualToConstant;
        check.expected = bytes32(uint256(7));
        _run(check, address(oracle), _set(7), "");
        _run(check, address(0), "", _violated(7, 100));
    }

    function test_mustRevert() public {
        // The hole that the patch closes is open before and shut after.
        SafetyCheck memory check = _check(address(vault), abi.encodeCall(VaultState.drain, ()), Comparison.MustRevert);
        _run(check, address(0), "", "");
        check.target = address(oracle);
        check.data = abi.encodeCall(Oracle.read, ());
        bytes memory refusal = abi.encodeWithSelector(SafetyChecks.SafetyCheckDidNotRevert.selector, address(vault), 0);
        _run(check, address(0), "", refusal);
        _run(check, address(oracle), abi.encodeCall(Oracle.breakDown, ()), "");
        // No code, no revert.
        check.target = stranger;
        _run(check, address(0), "", refusal);
    }

    function test_hashOfTheReturnData() public {
        SafetyCheck memory check = _read();
        check.measure = Measure.ReturnHash;
        check.data = abi.encodeCall(Oracle.list, ());
        uint256[] memory list = new uint256[](3);
        list[2] = 100;
        bytes32 before = keccak256(abi.encode(list));
        list[2] = 101;
        _run(check, address(0), "", "");
        _run(check, address(oracle), _set(101), _violated(uint256(before), uint256(keccak256(abi.encode(list)))));
        check.comparison = Comparison.EqualToConstant;
        check.expected = before;
        _run(check, address(0), "", "");
        // Hashes speak of data of any length, none included.
        check.data = abi.encodeCall(Oracle.set, (1));
        check.expected = keccak256("");
        _run(check, address(0), "", _failed());
        check.data = abi.encodeCall(Oracle.breakDown, ());
        _run(check, address(0), "", _failed());
    }

    function test_codeHashOfALinkedLibrary() public {
        SafetyCheck memory check = _read();
        check.data = "";
        check.measure = Measure.CodeHash;
        _run(check, address(0), "", "");
        check.comparison = Comparison.EqualToConstant;
        check.expected = address(oracle).codehash;
        _run(check, address(0), "", "");
        check.expected = keccak256("other code");
        _run(check, address(0), "", _violated(uint256(check.expected), uint256(address(oracle).codehash)));
        check.target = stranger;
        _run(check, address(0), "", _failed());
    }

    function test_aCheckThatRevertsWhenItShouldNotIsViolated() public {
        SafetyCheck memory check = _read();
        // Before the upgrade.
        oracle.breakDown();
        _run(check, address(0), "", _failed());
        // After it.
        oracle = new Oracle();
        check = _read();
        _run(check, address(oracle), abi.encodeCall(Oracle.breakDown, ()), _failed());
        check.comparison = Comparison.EqualToConstant;
        _run(check, address(oracle), abi.encodeCall(Oracle.breakDown, ()), _failed());
    }

    function test_aCheckThatReturnsTooLittleIsViolated() public {
        SafetyCheck memory check = _read();
        check.data = abi.encodeCall(Oracle.short, ());
        _run(check, address(0), "", _failed());
        check.target = stranger;
        _run(check, address(0), "", _failed());
    }

    function test_T12_aCheckThatEatsGasIsViolatedAndEatsNoMoreThanItsCap() public {
        SafetyCheck memory check = _read();
        check.data = abi.encodeCall(Oracle.burn, ());
        _run(check, address(0), "", _failed());
        check.data = abi.encodeCall(Oracle.burnWhenChanged, ());
        _run(check, address(0), "", "");

        _setChecks(_checks(check));
        Patch memory patch = _vaultPatch(1, abi.encodeCall(UUPSVaultFixed.migrateCall, (address(oracle), _set(5))));
        uint256 commitment = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        uint256 before = gasleft();
        vm.expectRevert(_failed());
        _execute(commitment, patch);
        vm.assertLe(before - gasleft(), 3_000_000, "one check burns its cap and no more");
    }

    /// @dev Gas of an execution under `checks`.
    function _gasUnder(SafetyCheck[] memory checks) internal returns (uint256 gas_) {
        uint256 snapshot = vm.snapshotState();
        _setChecks(checks);
        Patch memory patch = _vaultPatch(1);
        uint256 commitment = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        gas_ = gasleft();
        _execute(commitment, patch);
        gas_ -= gasleft();
        vm.assertEq(vault.version(), 2);
        vm.revertToState(snapshot);
    }

    function test_T12_aReturnDataBombIsNotCopied() public {
        SafetyCheck memory check = _read();
        uint256 plain = _gasUnder(_checks(check));
        check.data = abi.encodeCall(Oracle.bomb, (BOMB));
        // Before the upgrade and after it.
        vm.assertLe(_gasUnder(_checks(check)), plain + 2 * CALL_GAS, "first word");
        check.comparison = Comparison.EqualToConstant;
        check.expected = bytes32(uint256(100));
        vm.assertLe(_gasUnder(_checks(check)), plain + CALL_GAS, "constant");
        check = _check(address(oracle), abi.encodeCall(Oracle.failingBomb, (BOMB)), Comparison.MustRevert);
        vm.assertLe(_gasUnder(_checks(check)), plain + CALL_GAS, "revert");
        check.comparison = Comparison.EqualToBefore;
        _run(check, address(0), "", _failed());
    }

    function test_T12_returnDataBombsThatAreHashedCostABoundedShareMore() public {
        // Copied, as a hash needs it, but always into the same memory.
        SafetyCheck[] memory checks = new SafetyCheck[](16);
        for (uint256 i = 0; i < checks.length; ++i) {
            checks[i] = _read();
        }
        uint256 plain = _gasUnder(checks);
        for (uint256 i = 0; i < checks.length; ++i) {
            checks[i].measure = Measure.ReturnHash;
            checks[i].data = abi.encodeCall(Oracle.bomb, (BOMB));
        }
        vm.assertLe(_gasUnder(checks), plain + 32 * (CALL_GAS + 150_000) + CALL_GAS, "16 checks, measured twice");
    }

    function test_aCheckCannotWrite() public {
        SafetyCheck memory check = _read();
        check.data = abi.encodeCall(Oracle.write, ());
        _run(check, address(0), "", _failed());
    }

    function test_T12_anExecutorCannotStarveACheck() public {
        // With too little gas the call of a MustRevert check would fail for the wrong reason.
        SafetyCheck memory check = _read();
        check.comparison = Comparison.MustRevert;
        _setChecks(_checks(check));
        Patch memory patch = _vaultPatch(1);
        uint256 commitment = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        bytes memory data =
            abi.encodeWithSelector(lane.execute.selector, commitment, patch.code, patch.opening, _proof());
        bool starved;
        for (uint256 gas_ = 600_000; gas_ < 4_000_000; gas_ += 20_000) {
            vm.prank(executor);
            (bool success, bytes memory answer) = address(lane).call{gas: gas_}(data);
            vm.assertFalse(success);
            if (answer.length >= 4 && bytes4(answer) == SafetyChecks.SafetyCheckOutOfGas.selector) {
                starved = true;
                (uint256 available, uint256 needed) = _words(answer);
                // The call's share, the 64th that EIP-150 keeps back, and a cold target.
                vm.assertEq(needed, CALL_GAS + CALL_GAS / 63 + 5_000);
                vm.assertTrue(available < needed);
            }
        }
        vm.assertTrue(starved);
        _assertState(commitment, StatementState.Scheduled);
    }

    /// @dev The two values of an error.
    function _words(bytes memory answer) internal pure returns (uint256 first, uint256 second) {
        assembly ("memory-safe") {
            first := mload(add(answer, 36))
            second := mload(add(answer, 68))
        }
    }

    function test_T12_aCheckGetsItsCapAndNoMore() public {
        SafetyCheck memory check = _check(address(oracle), abi.encodeCall(Oracle.gas, ()), Comparison.EqualToConstant);
        check.expected = bytes32(uint256(1));
        _setChecks(_checks(check));
        Patch memory patch = _vaultPatch(1);
        uint256 commitment = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        bytes memory data =
            abi.encodeWithSelector(lane.execute.selector, commitment, patch.code, patch.opening, _proof());
        vm.prank(executor);
        (bool success, bytes memory answer) = address(lane).call(data);
        vm.assertFalse(success);
        vm.assertEq(bytes32(bytes4(answer)), bytes32(SafetyChecks.SafetyCheckViolated.selector));
        uint256 given;
        assembly ("memory-safe") {
            given := mload(add(answer, 132))
        }
        vm.assertLe(given, CALL_GAS, "no more");
        vm.assertLe(CALL_GAS - 1_000, given, "no less");
    }

    function test_everyCheckOfThePolicyIsRun() public {
        SafetyCheck[] memory checks = new SafetyCheck[](3);
        checks[0] = _check(address(vault), abi.encodeCall(vault.price, ()), Comparison.EqualToBefore);
        checks[1] = _check(address(vault), abi.encodeCall(vault.total, ()), Comparison.NotLessThanBefore);
        checks[2] = _read();
        _setChecks(checks);
        Patch memory patch = _vaultPatch(1, abi.encodeCall(UUPSVaultFixed.migrate, (10, 49)));
        uint256 commitment = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(
                SafetyChecks.SafetyCheckViolated.selector, address(vault), 1, bytes32(uint256(50)), bytes32(uint256(49))
            )
        );
        _execute(commitment, patch);
        patch = _vaultPatch(2, abi.encodeCall(UUPSVaultFixed.migrate, (10, 51)));
        _fastTrack(patch, address(vault));
        vm.assertEq(vault.total(), 51);
    }

    function test_P05_aViolatedCheckLeavesEverySlotAsItWas() public {
        _setChecks(_checks(_check(address(vault), abi.encodeCall(vault.total, ()), Comparison.EqualToBefore)));
        Patch memory patch = _vaultPatch(1, abi.encodeCall(UUPSVaultFixed.migrate, (1, 2)));
        uint256 commitment = _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);

        uint256 snapshot = vm.snapshotState();
        vm.record();
        vm.expectRevert(_violated(50, 2));
        _execute(commitment, patch);
        (bytes32[] memory laneSlots, bytes32[] memory laneValues) = _written(address(lane));
        (bytes32[] memory vaultSlots, bytes32[] memory vaultValues) = _written(address(vault));
        vm.revertToState(snapshot);
        for (uint256 i = 0; i < laneSlots.length; ++i) {
            vm.assertEq(vm.load(address(lane), laneSlots[i]), laneValues[i]);
        }
        for (uint256 i = 0; i < vaultSlots.length; ++i) {
            vm.assertEq(vm.load(address(vault), vaultSlots[i]), vaultValues[i]);
        }
        _assertState(commitment, StatementState.Scheduled);
        vm.assertEq(_addressOf(patch).code.length, 0);
    }

    /// @dev Slots of `account` that were written since vm.record, undone or not, and what they hold now.
    function _written(address account) internal returns (bytes32[] memory slots, bytes32[] memory values) {
        (, slots) = vm.accesses(account);
        vm.assertTrue(slots.length != 0, "the call wrote before it was undone");
        values = new bytes32[](slots.length);
        for (uint256 i = 0; i < slots.length; ++i) {
            values[i] = vm.load(account, slots[i]);
        }
    }

    function _expectMalformed(SafetyCheck memory check, bool malformed) internal {
        Policy memory policy = _policy(ProxyKind.UUPS, address(0));
        policy.checks = new SafetyCheck[](2);
        policy.checks[0] = _read();
        policy.checks[1] = check;
        if (malformed) vm.expectRevert(abi.encodeWithSelector(SafetyChecks.SafetyCheckMalformed.selector, 1));
        vm.prank(address(lane));
        lane.setPolicy(address(vault), policy);
    }

    function test_checksThatContradictThemselvesAreRefused() public {
        for (uint256 m = 0; m <= uint256(type(Measure).max); ++m) {
            for (uint256 c = 0; c <= uint256(type(Comparison).max); ++c) {
                SafetyCheck memory check = _read();
                check.measure = Measure(m);
                check.comparison = Comparison(c);
                if (check.measure == Measure.CodeHash) check.data = "";
                bool ordered = check.comparison == Comparison.NotLessThanBefore
                    || check.comparison == Comparison.NotMoreThanBefore;
                bool revertOfHash = check.measure == Measure.CodeHash && check.comparison == Comparison.MustRevert;
                _expectMalformed(check, (ordered && check.measure != Measure.FirstWord) || revertOfHash);
            }
        }
        SafetyCheck memory bad = _read();
        bad.target = address(0);
        _expectMalformed(bad, true);
        bad = _read();
        bad.expected = bytes32(uint256(1));
        _expectMalformed(bad, true);
        bad.comparison = Comparison.EqualToConstant;
        _expectMalformed(bad, false);
        bad = _read();
        bad.measure = Measure.CodeHash;
        _expectMalformed(bad, true);
    }

    function test_aPolicyHoldsSixteenChecks() public {
        Policy memory policy = _policy(ProxyKind.UUPS, address(0));
        for (uint256 count = 16; count <= 17; ++count) {
            policy.checks = new SafetyCheck[](count);
            for (uint256 i = 0; i < count; ++i) {
                policy.checks[i] = _read();
            }
            if (count == 17) {
                vm.expectRevert(abi.encodeWithSelector(SafetyChecks.SafetyCheckTooMany.selector, 17, 16));
            }
            vm.prank(address(lane));
            lane.setPolicy(address(vault), policy);
        }
    }
}
