//! The machines of the shop, and what is wrong with each.

use super::{Account, DEV, PROD, instance_id};

/// What is wrong with a machine, or special about it; a machine without any is healthy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trait {
    Stopped,
    Windows,
    NoKey,
    Classic,
    OldMetadata,
    AgentMissing,
    AgentDenied,
    MonitorStopped,
    MonitorNotInstalled,
    MonitorMissing,
    MonitorUnread,
    PlainDisk,
    NoSnapshots,
    OldPolicy,
}

use Trait::{
    AgentDenied, AgentMissing, Classic, MonitorMissing, MonitorNotInstalled, MonitorStopped,
    MonitorUnread, NoKey, NoSnapshots, OldMetadata, OldPolicy, PlainDisk, Stopped, Windows,
};

/// One machine of the shop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Machine {
    pub(super) account: Account,
    pub(super) region: &'static str,
    pub(super) name: &'static str,
    pub(super) groups: &'static [&'static str],
    /// The public address that came with the instance; elastic ones are bound in `vpc`.
    pub(super) public_ip: &'static str,
    traits: &'static [Trait],
}

impl Machine {
    pub(super) fn has(&self, wanted: Trait) -> bool {
        self.traits.contains(&wanted)
    }

    pub(super) fn id(&self) -> String {
        instance_id(self.account, self.region, self.name)
    }
}

const fn machine(
    account: Account,
    region: &'static str,
    name: &'static str,
    groups: &'static [&'static str],
    public_ip: &'static str,
    traits: &'static [Trait],
) -> Machine {
    Machine {
        account,
        region,
        name,
        groups,
        public_ip,
        traits,
    }
}

const HZ: &str = "cn-hangzhou";
const SH: &str = "cn-shanghai";
const BJ: &str = "cn-beijing";
const SG: &str = "ap-southeast-1";

/// All machines, one a line. Singapore's of the development account could not be listed.
#[rustfmt::skip]
pub(super) const MACHINES: [Machine; 27] = [
    machine(PROD, HZ, "shop-web-01", &["web"], "", &[]),
    machine(PROD, HZ, "shop-web-02", &["web"], "", &[]),
    machine(PROD, HZ, "shop-web-03", &["web"], "", &[]),
    machine(PROD, HZ, "shop-app-01", &["app"], "", &[]),
    machine(PROD, HZ, "shop-app-02", &["app"], "", &[OldMetadata]),
    machine(PROD, HZ, "shop-pay-01", &["behind-waf", "ops"], "", &[]),
    machine(PROD, HZ, "shop-game-01", &["game", "ops"], "", &[]),
    machine(PROD, HZ, "shop-bastion-01", &["bastion"], "", &[]),
    machine(PROD, HZ, "shop-erp-win-01", &["erp-windows"], "", &[Windows, OldMetadata, OldPolicy]),
    machine(PROD, HZ, "shop-image-old", &["web"], "", &[Stopped, MonitorStopped, NoSnapshots]),
    machine(PROD, SH, "shop-web-11", &["web"], "", &[]),
    machine(PROD, SH, "shop-web-12", &["web"], "", &[]),
    machine(PROD, SH, "shop-cache-11", &["cache"], "", &[NoKey, PlainDisk]),
    machine(PROD, SH, "shop-batch-11", &["batch"], "", &[Stopped, PlainDisk, AgentMissing, MonitorMissing]),
    machine(PROD, BJ, "shop-report-01", &["report"], "", &[NoSnapshots]),
    machine(PROD, BJ, "shop-report-02", &["report"], "", &[MonitorUnread]),
    machine(PROD, BJ, "shop-search-01", &["partner"], "", &[]),
    machine(PROD, SG, "shop-web-sg-01", &["web"], "198.51.100.120", &[]),
    machine(PROD, SG, "shop-web-sg-02", &["web"], "", &[]),
    machine(PROD, SG, "shop-mail-sg-01", &["mail"], "198.51.100.121", &[NoKey, OldMetadata]),
    machine(DEV, HZ, "dev-web-01", &["dev-all"], "", &[NoKey, PlainDisk, NoSnapshots, OldMetadata]),
    machine(DEV, HZ, "dev-ci-01", &["dev-admin"], "", &[PlainDisk, NoSnapshots]),
    machine(DEV, HZ, "dev-app-01", &["dev-app"], "", &[NoSnapshots]),
    machine(DEV, HZ, "dev-win-01", &["dev-app"], "", &[Windows, Stopped, PlainDisk, NoSnapshots, MonitorNotInstalled]),
    machine(DEV, SH, "test-web-01", &["test-closed"], "", &[AgentDenied, PlainDisk, NoSnapshots]),
    machine(DEV, SH, "test-web-02", &["test-open"], "", &[AgentDenied, NoKey, PlainDisk, NoSnapshots]),
    machine(DEV, BJ, "lab-legacy-01", &["lab"], "", &[Classic, NoKey, OldMetadata, PlainDisk, NoSnapshots]),
];
