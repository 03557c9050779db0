// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.6.12;

/*
 * The collision behind the Audius governance takeover of July 2022, rebuilt from its published descriptions: the proxy kept
 * its admin in an ordinary variable, and so in slot 0, where the logic contract kept the flags of its initializer. The two
 * lowest bytes of the admin's address were not zero, so `initialized` and `initializing` read as true, and with
 * `initializing` true, `initializer` let everybody through, any number of times.
 */

/// Forwards to `logic`, whose slot is of EIP-1967. The admin's is not.
contract AudiusProxy {
    bytes32 private constant LOGIC_SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;

    address private proxyAdmin;

    constructor(address logic, address admin) public {
        proxyAdmin = admin;
        bytes32 slot = LOGIC_SLOT;
        assembly {
            sstore(slot, logic)
        }
    }

    fallback() external payable {
        bytes32 slot = LOGIC_SLOT;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), sload(slot), 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(ok) {
                revert(0, returndatasize())
            }
            return(0, returndatasize())
        }
    }
}

contract InitializerFlags {
    bool private initialized;
    bool private initializing;
    uint256[50] private ______gap;

    modifier initializer() {
        require(initializing || !initialized, "already initialized");
        bool outermost = !initializing;
        if (outermost) {
            initializing = true;
            initialized = true;
        }
        _;
        if (outermost) initializing = false;
    }
}

/// What the proxy ran until the takeover.
contract Governance is InitializerFlags {
    address public guardian;
    uint256 public votingPeriod;

    function initialize(address newGuardian, uint256 newVotingPeriod) external initializer {
        guardian = newGuardian;
        votingPeriod = newVotingPeriod;
    }
}

/// The logic leaves the proxy's variable where it is: its own begin behind it.
contract ProxyVariables {
    address private proxyAdmin;
    uint256 private filler;
}

contract RepairedGovernance is ProxyVariables, InitializerFlags {
    address public guardian;
    uint256 public votingPeriod;

    function initialize(address newGuardian, uint256 newVotingPeriod) external initializer {
        guardian = newGuardian;
        votingPeriod = newVotingPeriod;
    }
}
