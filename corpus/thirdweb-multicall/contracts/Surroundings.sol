// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.11;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Forwarder} from "@thirdweb-dev/contracts/infra/forwarder/Forwarder.sol";

/// @title thirdweb's forwarder of meta-transactions (ERC-2771), as it is published
contract TrustedForwarder is Forwarder {}

/// @title A token that somebody lets the airdrop contract spend
contract Token is ERC20 {
    /// @param holder gets all there is: 1,000 tokens.
    constructor(address holder) ERC20("Token", "TKN") {
        _mint(holder, 1_000 ether);
    }
}

/// @title A payee that takes no ETH
contract Refuser {}
