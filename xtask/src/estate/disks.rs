//! Disks: the system disk of each machine, some data disks, and some that are attached to nothing.

use serde_json::{Value, json};

use super::ecs::policy_id;
use super::fleet::{MACHINES, Machine, Trait};
use super::{Account, DEV, Draft, Estate, PROD, ali_id, instance_id, number, token, zone};

/// One disk; `policy` is the name of its snapshot policy, empty where it has none.
struct Disk<'a> {
    account: Account,
    region: &'a str,
    name: &'a str,
    kind: &'a str,
    category: &'a str,
    encrypted: bool,
    policy: &'a str,
    instance: String,
}

pub(crate) fn add(estate: &mut Estate) {
    for machine in &MACHINES {
        estate.asset(system_disk(machine).draft());
    }
    for disk in data_disks() {
        estate.asset(disk.draft());
    }
}

fn system_disk(machine: &Machine) -> Disk<'static> {
    let policy = match () {
        () if machine.has(Trait::NoSnapshots) => "",
        () if machine.has(Trait::OldPolicy) => "before-2024",
        () => "daily",
    };
    Disk {
        account: machine.account,
        region: machine.region,
        name: machine.name,
        kind: "system",
        category: "cloud_essd",
        encrypted: !machine.has(Trait::PlainDisk),
        policy: if machine.account == DEV { "" } else { policy },
        instance: machine.id(),
    }
}

/// Data disks, and two that lie idle in each account.
fn data_disks() -> Vec<Disk<'static>> {
    let orders = instance_id(PROD, "cn-hangzhou", "shop-app-01");
    let search = instance_id(PROD, "cn-beijing", "shop-search-01");
    vec![
        disk(
            PROD,
            "cn-hangzhou",
            "orders-data",
            "cloud_essd",
            true,
            "daily",
            orders.clone(),
        ),
        disk(
            PROD,
            "cn-hangzhou",
            "orders-archive",
            "cloud_efficiency",
            false,
            "daily",
            orders,
        ),
        disk(
            PROD,
            "cn-beijing",
            "search-scratch",
            "local_ssd_pro",
            false,
            "",
            search.clone(),
        ),
        disk(
            PROD,
            "cn-beijing",
            "search-index",
            "cloud_auto",
            true,
            "daily",
            search,
        ),
        disk(
            PROD,
            "cn-hangzhou",
            "orders-before-move",
            "cloud_essd",
            false,
            "",
            String::new(),
        ),
        disk(
            PROD,
            "cn-shanghai",
            "cache-spare",
            "cloud_essd",
            true,
            "daily",
            String::new(),
        ),
        disk(
            DEV,
            "cn-hangzhou",
            "dev-dump",
            "cloud_efficiency",
            false,
            "",
            String::new(),
        ),
        disk(
            DEV,
            "cn-hangzhou",
            "dev-registry",
            "cloud_essd",
            true,
            "weekly",
            String::new(),
        ),
    ]
}

fn disk(
    account: Account,
    region: &'static str,
    name: &'static str,
    category: &'static str,
    encrypted: bool,
    policy: &'static str,
    instance: String,
) -> Disk<'static> {
    Disk {
        account,
        region,
        name,
        kind: "data",
        category,
        encrypted,
        policy,
        instance,
    }
}

impl Disk<'_> {
    fn draft(&self) -> Draft {
        let id = ali_id(
            "d",
            self.region,
            &format!("{} {} {}", self.account.name, self.kind, self.name),
        );
        let name = format!("{}-{}", self.name, self.kind);
        Draft::new(self.account, self.region, "aliyun/ecs/disk", &id, &name)
            .zone(&zone(self.region))
            .fact("list", self.list(&id, &name))
    }

    fn list(&self, id: &str, name: &str) -> Value {
        let attached = !self.instance.is_empty();
        let policy = self.policy;
        let policy = if policy.is_empty() {
            String::new()
        } else {
            policy_id(self.account, self.region, policy)
        };
        let key = if self.encrypted {
            token(&format!("disk key {}", self.region), 32)
        } else {
            String::new()
        };
        let times = if attached {
            ("2023-02-14T06:10:20Z", "")
        } else {
            ("2023-02-14T06:10:20Z", "2024-08-19T11:42:07Z")
        };
        let attachments = if attached {
            json!([{"InstanceId": self.instance, "Device": "/dev/xvda", "AttachedTime": times.0}])
        } else {
            json!([])
        };
        json!({
            "DiskId": id, "DiskName": name, "Description": "", "RegionId": self.region, "ZoneId": zone(self.region),
            "Status": if attached { "In_use" } else { "Available" }, "Type": self.kind, "Category": self.category,
            "Size": 40 + 20 * (number(id) % 10), "Encrypted": self.encrypted, "KMSKeyId": key,
            "AutoSnapshotPolicyId": policy, "EnableAutomatedSnapshotPolicy": !policy.is_empty(),
            "EnableAutoSnapshot": true, "DeleteAutoSnapshot": false, "InstanceId": self.instance,
            "Attachments": {"Attachment": attachments}, "AttachedTime": times.0, "DetachedTime": times.1,
            "CreationTime": "2023-02-14T06:10:00Z", "DeleteWithInstance": attached, "DiskChargeType": "PrePaid",
            "ExpiredTime": "2099-02-14T16:00Z", "Portable": false, "MultiAttach": "Disabled", "IOPS": 5000,
            "PerformanceLevel": "PL1", "ResourceGroupId": "", "OperationLocks": {"OperationLock": []},
        })
    }
}
