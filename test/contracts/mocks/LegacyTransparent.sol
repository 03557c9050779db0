// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";

/// @dev The admin side of a transparent proxy as OpenZeppelin 4.x publishes it: the admin sees these functions only.
contract LegacyTransparentProxy is ERC1967Proxy {
    constructor(
        address logic,
        address admin_
    ) payable ERC1967Proxy(logic, abi.encodeWithSignature("setPrice(uint256)", 1)) {
        ERC1967Utils.changeAdmin(admin_);
    }

    function _fallback() internal override {
        if (msg.sender != ERC1967Utils.getAdmin()) return super._fallback();
        bytes memory answer;
        bytes4 selector = msg.sig;
        if (selector == bytes4(keccak256("upgradeTo(address)"))) {
            _upgrade(abi.decode(msg.data[4:], (address)), "", false);
        } else if (selector == bytes4(keccak256("upgradeToAndCall(address,bytes)"))) {
            (address logic, bytes memory data) = abi.decode(msg.data[4:], (address, bytes));
            _upgrade(logic, data, true);
        } else if (selector == bytes4(keccak256("implementation()"))) {
            answer = abi.encode(ERC1967Utils.getImplementation());
        } else if (selector == bytes4(keccak256("changeAdmin(address)"))) {
            ERC1967Utils.changeAdmin(abi.decode(msg.data[4:], (address)));
        } else {
            revert("TransparentUpgradeableProxy: admin cannot fallback to proxy target");
        }
        assembly ("memory-safe") {
            return(add(answer, 32), mload(answer))
        }
    }

    /// @dev 4.x delegatecalls on upgradeToAndCall even with empty data.
    function _upgrade(address logic, bytes memory data, bool forceCall) private {
        ERC1967Utils.upgradeToAndCall(logic, data);
        if (forceCall && data.length == 0) {
            (bool success,) = logic.delegatecall(data);
            require(success, "Address: low-level delegate call failed");
        }
    }
}

/// @dev ProxyAdmin of OpenZeppelin 4.x, without the parts that nothing here calls.
contract LegacyProxyAdmin {
    address public owner;

    constructor(address owner_) {
        owner = owner_;
    }

    modifier onlyOwner() {
        require(msg.sender == owner, "Ownable: caller is not the owner");
        _;
    }

    function transferOwnership(address newOwner) external onlyOwner {
        owner = newOwner;
    }

    function getProxyImplementation(address proxy) external view returns (address) {
        (bool success, bytes memory answer) = proxy.staticcall(abi.encodeWithSignature("implementation()"));
        require(success);
        return abi.decode(answer, (address));
    }

    function changeProxyAdmin(address proxy, address newAdmin) external onlyOwner {
        _forward(proxy, abi.encodeWithSignature("changeAdmin(address)", newAdmin));
    }

    function upgrade(address proxy, address implementation) external onlyOwner {
        _forward(proxy, abi.encodeWithSignature("upgradeTo(address)", implementation));
    }

    function upgradeAndCall(address proxy, address implementation, bytes calldata data) external payable onlyOwner {
        _forward(proxy, abi.encodeWithSignature("upgradeToAndCall(address,bytes)", implementation, data));
    }

    function _forward(address proxy, bytes memory data) private {
        (bool success, bytes memory answer) = proxy.call{value: msg.value}(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }
}
