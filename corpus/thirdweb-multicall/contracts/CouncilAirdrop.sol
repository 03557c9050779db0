// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.11;

import {AirdropERC20} from "@thirdweb-dev/contracts/prebuilts/unaudited/airdrop/AirdropERC20.sol";
import {Kept} from "kept/Kept.sol";

/// @title thirdweb's airdrop contract behind a transparent proxy, as it is published
contract CouncilAirdrop is AirdropERC20, Kept {}
