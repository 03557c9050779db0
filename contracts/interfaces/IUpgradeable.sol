// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @dev Upgrade functions that stand on the upgraded address itself: UUPS of OpenZeppelin 4.x and 5.x, and beacons.
interface IUpgradeableAddress {
    /// @dev Replaces the implementation.
    function upgradeTo(address implementation) external;

    /// @dev Replaces the implementation, then calls it with `data` in the proxy's context (5.x: unless `data` is empty).
    function upgradeToAndCall(address implementation, bytes calldata data) external payable;

    /// @dev The implementation of a beacon.
    function implementation() external view returns (address);
}

/// @dev Upgrade functions of OpenZeppelin's ProxyAdmin, 4.x and 5.x together.
interface IProxyAdmin {
    /// @dev Replaces the implementation of `proxy`; 4.x alone.
    function upgrade(address proxy, address implementation) external;

    /// @dev Replaces the implementation of `proxy`, then calls it with `data` (5.x: unless `data` is empty).
    function upgradeAndCall(address proxy, address implementation, bytes calldata data) external payable;

    /// @dev Makes `newAdmin` the admin of `proxy`; 4.x alone.
    function changeProxyAdmin(address proxy, address newAdmin) external;

    /// @dev The implementation of `proxy`; 4.x alone.
    function getProxyImplementation(address proxy) external view returns (address);
}

/// @dev Functions that hand the power to upgrade to somebody else.
interface IHandover {
    /// @dev Makes `newAdmin` the admin of the transparent proxy that is called.
    function changeAdmin(address newAdmin) external;

    /// @dev Makes `newOwner` the owner (Ownable), or the next one as soon as it accepts (Ownable2Step).
    function transferOwnership(address newOwner) external;

    /// @dev Leaves the contract without an owner.
    function renounceOwnership() external;

    /// @dev Begins to make `newAdmin` the holder of every role (AccessControlDefaultAdminRules).
    function beginDefaultAdminTransfer(address newAdmin) external;

    /// @dev Makes `newAuthority` decide who may call what (AccessManaged).
    function setAuthority(address newAuthority) external;

    /// @dev Gives `role` to `account` (AccessControl).
    function grantRole(bytes32 role, address account) external;
}
