//! ECS instances with their records in Security Center and CloudMonitor, and their network interfaces.

use serde_json::{Value, json};
use stance_model::ReasonKind;

use super::fleet::{MACHINES, Machine, Trait};
use super::{
    Draft, Estate, PROD, addresses, denied, host_ip, interface_id, number, pick, reason,
    security_group_id, token, vpc_id, vswitch_id, with, zone,
};

pub(crate) fn add(estate: &mut Estate) {
    for machine in &MACHINES {
        add_machine(estate, machine);
        if !machine.has(Trait::Classic) {
            add_interface(estate, machine);
        }
    }
}

fn add_machine(estate: &mut Estate, machine: &Machine) {
    let id = machine.id();
    let place = zone(machine.region);
    let asset = Draft::new(
        machine.account,
        machine.region,
        "aliyun/ecs/instance",
        &id,
        machine.name,
    )
    .zone(&place)
    .tag(
        "env",
        if machine.account == PROD {
            "prod"
        } else {
            "dev"
        },
    )
    .tag(
        "team",
        pick(machine.name, &["storefront", "payments", "data"]),
    )
    .fact("list", instance(machine, &id));
    let asset = security_center(asset, machine, &id);
    estate.asset(cloud_monitor(asset, machine, &id));
}

fn instance(machine: &Machine, id: &str) -> Value {
    let running = if machine.has(Trait::Stopped) {
        "Stopped"
    } else {
        "Running"
    };
    let (os, os_name) = if machine.has(Trait::Windows) {
        ("windows", "Windows Server 2022 Datacenter")
    } else {
        ("linux", "Alibaba Cloud Linux 3")
    };
    let key = if machine.has(Trait::NoKey) || machine.has(Trait::Windows) {
        ""
    } else {
        "shop-ops"
    };
    let tokens = if machine.has(Trait::OldMetadata) {
        "optional"
    } else {
        "required"
    };
    let public: Vec<&str> = Some(machine.public_ip)
        .filter(|ip| !ip.is_empty())
        .into_iter()
        .collect();
    let elastic = addresses::of_machine(machine.account, machine.name);
    let list = json!({
        "InstanceId": id, "InstanceName": machine.name, "HostName": machine.name, "Description": "",
        "RegionId": machine.region, "ZoneId": zone(machine.region), "Status": running, "StoppedMode": "Not-applicable",
        "OSType": os, "OSName": os_name, "OSNameEn": os_name, "ImageId": format!("m-{}", token(os_name, 20)),
        "InstanceType": pick(id, &["ecs.g7.xlarge", "ecs.c7.xlarge", "ecs.g7.large"]), "InstanceTypeFamily": "ecs.g7",
        "Cpu": 4, "Memory": 16384, "IoOptimized": true, "InstanceChargeType": "PrePaid", "DeletionProtection": true,
        "CreationTime": "2023-02-14T06:10Z", "StartTime": "2026-09-02T18:00Z", "ExpiredTime": "2099-02-14T16:00Z",
        "AutoReleaseTime": "", "SerialNumber": token(id, 32), "KeyPairName": key,
        "InternetChargeType": "PayByTraffic", "InternetMaxBandwidthIn": 100, "InternetMaxBandwidthOut": 0,
        "SecurityGroupIds": {"SecurityGroupId": groups(machine)}, "PublicIpAddress": {"IpAddress": public},
        "EipAddress": {"AllocationId": elastic.0, "IpAddress": elastic.1, "InternetChargeType": ""},
        "MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": tokens, "HttpPutResponseHopLimit": 0},
        "OperationLocks": {"LockReason": []}, "Recyclable": false, "ResourceGroupId": "", "DeploymentSetId": "",
    });
    let Value::Object(network) = network_part(machine) else {
        return list;
    };
    network
        .into_iter()
        .fold(list, |list, (field, value)| with(list, &field, value))
}

/// Where the machine is attached: the classic network has neither VPC nor interfaces.
fn network_part(machine: &Machine) -> Value {
    let ip = host_ip(machine.account, machine.region, machine.name);
    if machine.has(Trait::Classic) {
        return json!({
            "InstanceNetworkType": "classic", "InnerIpAddress": {"IpAddress": [ip]},
            "VpcAttributes": {"VpcId": "", "VSwitchId": "", "NatIpAddress": "", "PrivateIpAddress": {"IpAddress": []}},
            "NetworkInterfaces": {"NetworkInterface": []},
        });
    }
    let interface = interface_id(machine.account, machine.region, machine.name);
    json!({
        "InstanceNetworkType": "vpc", "InnerIpAddress": {"IpAddress": []},
        "VpcAttributes": {
            "VpcId": vpc_id(machine.account, machine.region), "VSwitchId": vswitch_id(machine.account, machine.region),
            "NatIpAddress": "", "PrivateIpAddress": {"IpAddress": [ip]},
        },
        "NetworkInterfaces": {"NetworkInterface": [{
            "NetworkInterfaceId": interface, "Type": "Primary", "PrimaryIpAddress": ip,
            "PrivateIpSets": {"PrivateIpSet": [{"PrivateIpAddress": ip, "Primary": true}]},
        }]},
    })
}

fn groups(machine: &Machine) -> Vec<String> {
    machine
        .groups
        .iter()
        .map(|group| security_group_id(machine.account, machine.region, group))
        .collect()
}

fn security_center(asset: Draft, machine: &Machine, id: &str) -> Draft {
    if machine.has(Trait::AgentDenied) {
        return asset.unknown("sas", denied("NoPermission"));
    }
    if machine.has(Trait::AgentMissing) {
        return asset.fact("sas", Value::Null);
    }
    let (status, sub_status) = if machine.has(Trait::Stopped) {
        ("offline", "stopped")
    } else {
        ("online", "online")
    };
    asset.fact("sas", json!({
        "InstanceId": id, "InstanceName": machine.name, "Uuid": token(&format!("uuid {id}"), 32),
        "ClientStatus": status, "ClientSubStatus": sub_status, "Status": "Running", "RegionId": machine.region,
        "Region": format!("{}-dg-a01", machine.region), "Os": "Linux", "AssetType": "0", "Vendor": 0,
        "VendorName": "ALIYUN", "AuthVersion": 7, "AuthVersionName": "Ultimate", "Bind": true, "Importance": 1,
        "Cores": 4, "Mem": 16384, "IntranetIp": host_ip(machine.account, machine.region, machine.name),
        "InternetIp": machine.public_ip, "VulCount": number(id) % 9, "SafeEventCount": 0, "RiskStatus": "NO",
    }))
}

fn cloud_monitor(asset: Draft, machine: &Machine, id: &str) -> Draft {
    if machine.has(Trait::MonitorUnread) {
        return asset.unknown("cms", reason(ReasonKind::Throttled, "Throttling.User"));
    }
    if machine.has(Trait::MonitorMissing) {
        return asset.fact("cms", Value::Null);
    }
    let status = match () {
        () if machine.has(Trait::MonitorStopped) => "stopped",
        () if machine.has(Trait::MonitorNotInstalled) => "not_installed",
        () => "running",
    };
    asset.fact("cms", json!({
        "InstanceId": id, "Status": status, "AutoInstall": status != "not_installed", "OsMonitorStatus": "stopped",
        "OsMonitorVersion": "1.3.0-12", "OsMonitorConfig": "", "OsMonitorErrorCode": "", "OsMonitorErrorDetail": "",
        "AgentInstallErrorCode": "",
    }))
}

fn add_interface(estate: &mut Estate, machine: &Machine) {
    let id = interface_id(machine.account, machine.region, machine.name);
    let ip = host_ip(machine.account, machine.region, machine.name);
    let list = json!({
        "NetworkInterfaceId": id, "NetworkInterfaceName": machine.name, "Type": "Primary", "Status": "InUse",
        "InstanceId": machine.id(), "PrivateIpAddress": ip, "VpcId": vpc_id(machine.account, machine.region),
        "VSwitchId": vswitch_id(machine.account, machine.region), "ZoneId": zone(machine.region),
        "SecurityGroupIds": {"SecurityGroupId": groups(machine)},
        "PrivateIpSets": {"PrivateIpSet": [{"PrivateIpAddress": ip, "Primary": true}]},
        "Ipv6Sets": {"Ipv6Set": []}, "AssociatedPublicIp": {"PublicIpAddress": "", "AllocationId": ""},
        "NetworkInterfaceTrafficMode": "Standard", "DeleteOnRelease": true, "ServiceManaged": false,
        "CreationTime": "2023-02-14T06:10:05Z", "ResourceGroupId": "", "Tags": {"Tag": []},
    });
    let asset = Draft::new(
        machine.account,
        machine.region,
        "aliyun/ecs/network_interface",
        &id,
        machine.name,
    );
    estate.asset(asset.zone(&zone(machine.region)).fact("list", list));
}
