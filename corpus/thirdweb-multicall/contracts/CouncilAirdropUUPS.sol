// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.11;

import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {AirdropERC20} from "@thirdweb-dev/contracts/prebuilts/unaudited/airdrop/AirdropERC20.sol";
import {Kept} from "kept/Kept.sol";

/// @title thirdweb's airdrop contract behind a UUPS proxy
/// @dev UUPSUpgradeable comes from OpenZeppelin's plain contracts, where it has no storage either: that of the
/// upgradeable ones cannot be inherited together with their Multicall, both have a private function of the same name.
contract CouncilAirdropUUPS is AirdropERC20, Kept, UUPSUpgradeable {
    function _authorizeUpgrade(address) internal view override {
        require(hasRole(DEFAULT_ADMIN_ROLE, msg.sender), "CouncilAirdrop: caller is not the admin");
    }
}
