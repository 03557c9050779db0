// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {FastTrack} from "./FastTrack.sol";
import {FastTrackRules} from "./FastTrackRules.sol";
import {Bounds} from "./types/FastTrackTypes.sol";
import {IFastTrack} from "./interfaces/IFastTrack.sol";
import {IPatchVerifier} from "./interfaces/IPatchVerifier.sol";

/**
 * @title OpenZeppelin's TimelockController with a fast lane for sealed upgrades
 * @dev The slow path is the original, untouched: whatever works with OpenZeppelin's timelock works with this one. Two
 * things are added around its outgoing calls: they are refused inside a call of the fast lane, which the original does
 * not have; and those that upgrade a registered proxy close its fast lane until governance sets the baseline anew.
 */
contract FastTrackTimelock is TimelockController, FastTrack {
    /// @dev Who holds the roles from the start. `proposers` may also cancel on the slow path, as in the original.
    struct Roles {
        address[] proposers;
        address[] executors;
        address[] council;
        address[] guardians;
        address admin;
    }

    /**
     * @param minDelay seconds that the slow path waits at least, not 0
     * @param roles `admin` may be zero, which leaves the timelock to govern itself alone
     */
    constructor(
        uint256 minDelay,
        Roles memory roles,
        IPatchVerifier verifier,
        Bounds memory bounds
    ) TimelockController(minDelay, roles.proposers, roles.executors, roles.admin) FastTrackRules(verifier, bounds) {
        if (minDelay == 0) revert FastTrackSlowDelayZero();
        if (roles.guardians.length == 0) revert FastTrackWithoutGuardian();
        for (uint256 i = 0; i < roles.council.length; ++i) {
            _grantRole(COUNCIL_ROLE, roles.council[i]);
        }
        for (uint256 i = 0; i < roles.guardians.length; ++i) {
            if (roles.guardians[i] == address(0)) revert FastTrackWithoutGuardian();
            _grantRole(GUARDIAN_ROLE, roles.guardians[i]);
        }
    }

    /// @inheritdoc TimelockController
    function supportsInterface(bytes4 interfaceId)
        public
        view
        override(AccessControl, TimelockController)
        returns (bool)
    {
        return interfaceId == type(IFastTrack).interfaceId || TimelockController.supportsInterface(interfaceId);
    }

    function _execute(address target, uint256 value, bytes calldata data) internal override {
        _observe(target, data);
        super._execute(target, value, data);
    }

    function _checkGuardian(address account) internal view override {
        _checkRole(GUARDIAN_ROLE, account);
    }

    function _checkExecutor(address account) internal view override {
        if (!hasRole(EXECUTOR_ROLE, address(0))) _checkRole(EXECUTOR_ROLE, account);
    }
}
