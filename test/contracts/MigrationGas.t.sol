// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {ProxyKind, StatementState} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {ProxyUpgrades} from "../../contracts/libraries/ProxyUpgrades.sol";
import {CarelessVault, GasMeter, Oracle} from "./mocks/Hostile.sol";
import {UUPSVaultFixed, VaultFixed} from "./mocks/Vaults.sol";
import {Patch} from "./support/LaneFixture.sol";
import {ProxyFixture} from "./support/ProxyFixture.sol";

/// @dev The gas of a migration is the one that the commitment names, whatever the executor sends (T12).
contract MigrationGasTest is ProxyFixture {
    uint64 private constant GAS = 777_777;
    GasMeter private meter;

    function setUp() public override {
        super.setUp();
        meter = new GasMeter();
        _register(address(meter), _policy(ProxyKind.UUPS, address(0)), address(new VaultFixed()));
    }

    function _ready(Patch memory patch, address proxy) private returns (bytes memory data) {
        _schedule(patch, proxy);
        vm.warp(block.timestamp + DELAY);
        return abi.encodeCall(IFastTrack.execute, (patch.commitment, patch.code, patch.opening, _proof()));
    }

    function _metered(bytes memory migration, uint64 migrationGas) private returns (bytes memory data) {
        Patch memory patch = _sealDeployed(address(new VaultFixed()), "", 1);
        _commit(patch, migration, migrationGas, 1);
        return _ready(patch, address(meter));
    }

    /// @dev Executes with `gas_` and takes it back.
    function _try(bytes memory data, uint256 gas_) private returns (bool success, bytes memory answer, uint256 given) {
        uint256 snapshot = vm.snapshotState();
        vm.prank(executor);
        (success, answer) = address(lane).call{gas: gas_}(data);
        given = meter.given();
        vm.revertToState(snapshot);
    }

    function _words(bytes memory answer) private pure returns (uint256 required, uint256 available) {
        vm.assertEq(answer.length, 68);
        vm.assertEq(bytes32(bytes4(answer)), bytes32(IFastTrack.FastTrackMigrationGas.selector));
        assembly ("memory-safe") {
            required := mload(add(answer, 36))
            available := mload(add(answer, 68))
        }
    }

    function test_T12_theCallGetsTheGasOfTheCommitmentFromTheGuardOn() public {
        bytes memory data = _metered(abi.encodeCall(UUPSVaultFixed.migrate, (1, 2)), GAS);
        // The least that passes the guard: all before it costs the same.
        (uint256 low, uint256 high) = (300_000, 3_000_000);
        while (high - low > 1) {
            uint256 middle = (low + high) / 2;
            (bool enough,,) = _try(data, middle);
            if (enough) high = middle;
            else low = middle;
        }
        (bool success, bytes memory answer,) = _try(data, low);
        vm.assertFalse(success);
        (uint256 required, uint256 available) = _words(answer);
        vm.assertEq(required, GAS + GAS / 63 + 5_000);
        vm.assertEq(available, required - 1);

        (,, uint256 least) = _try(data, high);
        (,, uint256 most) = _try(data, 30_000_000);
        vm.assertEq(least, most);
        vm.assertLe(GAS - least, 1_000, "what the meter has used before it measures");
    }

    function test_T12_withoutAMigrationTheCallGetsAll() public {
        bytes memory data = _metered("", 0);
        (bool success,, uint256 given) = _try(data, 30_000_000);
        vm.assertTrue(success);
        vm.assertLe(29_000_000, given, "63/64 of what is left");
    }

    function test_T12_gasExactlyWhereThereIsAMigration() public {
        bytes memory migration = abi.encodeCall(UUPSVaultFixed.migrate, (1, 2));
        Patch[2] memory patches = [_vaultPatch(1), _vaultPatch(2)];
        _commit(patches[0], migration, 0, 1);
        _commit(patches[1], "", 1, 2);
        for (uint256 i = 0; i < 2; ++i) {
            _schedule(patches[i], address(vault));
            vm.warp(block.timestamp + DELAY);
            vm.expectRevert(
                abi.encodeWithSelector(
                    ProxyUpgrades.ProxyUpgradeGasWithoutMigration.selector, i, i == 0 ? migration.length : 0
                )
            );
            _execute(patches[i].commitment, patches[i]);
            _assertState(patches[i].commitment, StatementState.Scheduled);
        }
    }

    function test_T12_noExecutorStarvesAMigration() public {
        // A migration that overlooks a failed call could be given too little gas for that call (63/64, EIP-150) and
        // enough to end well, if the executor chose what it gets.
        Oracle target = new Oracle();
        bytes memory toil = abi.encodeCall(Oracle.toil, ());
        bytes memory migration = abi.encodeCall(CarelessVault.migrateCarelessly, (address(target), toil));
        Patch memory patch = _sealDeployed(address(new CarelessVault(address(lane))), "", 1);
        _commit(patch, migration, 2_000_000, 1);
        bytes memory data = _ready(patch, address(vault));
        bool done;
        for (uint256 gas_ = 100_000; !done; gas_ += 10_000) {
            uint256 attempt = vm.snapshotState();
            vm.prank(executor);
            (bool success,) = address(lane).call{gas: gas_}(data);
            vm.assertFalse(success && vault.price() == 1);
            done = success && vault.price() == 2;
            vm.revertToState(attempt);
        }
    }

    function test_T12_aMigrationThatNeedsMoreThanItsGasUndoesEverything() public {
        Patch memory patch = _vaultPatch(1);
        _commit(patch, abi.encodeCall(UUPSVaultFixed.migrate, (5, 6)), 30_000, 1);
        _schedule(patch, address(vault));
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(Errors.FailedCall.selector);
        _execute(patch.commitment, patch);
        _assertState(patch.commitment, StatementState.Scheduled);
        vm.assertEq(vault.version(), 1);
    }

    function test_P04_anUpgradeCallThatFailsWithoutAWordIsRefused() public {
        _refuseUpgradesWith(hex"5f5ffd", abi.encodeWithSelector(Errors.FailedCall.selector));
    }

    function test_P04_anUpgradeCallWhereNoCodeIsIsRefused() public {
        // Such a call would succeed, and nothing would tell.
        _refuseUpgradesWith("", abi.encodeWithSelector(Address.AddressEmptyCode.selector, address(vault)));
    }

    /// @dev With and without a migration, where the proxy has come to be `code`.
    function _refuseUpgradesWith(bytes memory code, bytes memory refusal) private {
        Patch[2] memory patches = [_vaultPatch(1), _vaultPatch(2, abi.encodeCall(UUPSVaultFixed.migrate, (1, 2)))];
        for (uint256 i = 0; i < 2; ++i) {
            _schedule(patches[i], address(vault));
        }
        vm.warp(block.timestamp + DELAY);
        vm.etch(address(vault), code);
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(refusal);
            _execute(patches[i].commitment, patches[i]);
        }
    }
}
