//! Listings, their follow-up calls, accounts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use super::recording::{Exchange, Playback, at, read};
use stance_catalog::Catalog;
use stance_collect::live::{
    Credential, Failure, KeySource, Options, Plan, Region, Session, Sink, Watch,
};
use stance_model::operation::Collection;
use stance_model::{Asset, AssetType, Clock, Coverage, Provider};

struct Keys;

impl KeySource for Keys {
    fn fetch(&self) -> Result<Credential, Failure> {
        Ok(Credential::new("id", "secret", None))
    }
}

#[derive(Default)]
struct Kept(Mutex<Vec<Asset>>);

impl Sink for Kept {
    fn asset(&self, asset: Asset) {
        self.0.lock().unwrap().push(asset);
    }

    fn coverage(&self, _: Coverage) {}
}

struct Nobody;

impl Watch for Nobody {
    fn begin(&self, _: usize) {}

    fn done(&self, _: &AssetType, _: &str) {}
}

fn folder(provider: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/recorded");
    let root = std::env::var_os("STANCE_RECORDED").map_or_else(|| beside.into(), PathBuf::from);
    Some(root.join(provider)).filter(|folder| folder.is_dir())
}

fn options() -> Options {
    Options {
        attempts: 1,
        per_second: 1e6,
        burst: 1e6,
        ..Options::default()
    }
}

/// What a collection makes of one recorded listing, with the recorded answers to its follow-up calls.
fn collected(collection: &Collection, listing: &Exchange, all: &[Exchange]) -> Vec<Asset> {
    let playback = Playback::new(listing, all);
    let (options, cancel, kept) = (options(), AtomicBool::new(false), Kept::default());
    let session = Session::new(&playback, &Keys, &options, Clock::System, &cancel);
    let calls = collection.calls.iter().map(|call| call.name.clone());
    let wanted: BTreeMap<_, BTreeSet<_>> =
        BTreeMap::from([(collection.asset_type.clone(), calls.collect())]);
    let plan = Plan {
        account: "0400000000000000000000000000000a",
        regions: &[Region {
            id: listing.region.clone(),
            project: listing.project(),
        }],
        only: false,
        collections: &[collection],
        wanted: &wanted,
    };
    session.collect(&plan, &Nobody, &kept).unwrap();
    kept.0.into_inner().unwrap()
}

/// By type: recorded listings, assets in them, and facts of follow-up calls.
type Counts = BTreeMap<String, (usize, usize, usize)>;

/// Every recorded answer to a call that lists an asset type gives one asset for each of its elements.
fn play(provider: Provider, folder: &std::path::Path) -> Counts {
    let all = read(folder);
    let catalog = Catalog::builtin().unwrap();
    let mut counts = Counts::new();
    let collections = catalog
        .asset_types()
        .filter_map(|info| info.collection.as_ref())
        .filter(|collection| collection.asset_type.provider() == provider);
    for collection in collections {
        let call = &collection.calls[0];
        let api = call.api.as_ref().unwrap_or(&collection.api);
        let Some(items) = &call.items else {
            continue;
        };
        for listing in all.iter().filter(|exchange| exchange.is_of(call, api)) {
            let Some(elements) = at(&listing.content(), items) else {
                continue;
            };
            let ids = elements
                .iter()
                .filter_map(|e| e.pointer(&pointer(&collection.id)));
            let wanted: BTreeSet<String> = ids.map(ToString::to_string).collect();
            let found = collected(collection, listing, &all);
            assert_eq!(
                found.len(),
                wanted.len(),
                "{} {}",
                call.action,
                listing.sequence
            );
            let count = counts.entry(collection.asset_type.to_string()).or_default();
            count.0 += 1;
            count.1 += found.len();
            count.2 += found
                .iter()
                .map(|asset| asset.facts.len() - 1)
                .sum::<usize>();
        }
    }
    counts
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

#[test]
fn tencent() {
    let Some(folder) = folder("tencent") else {
        return;
    };
    let counts = play(Provider::Tencent, &folder);
    for asset_type in [
        "tencent/cam/user",
        "tencent/cbs/disk",
        "tencent/cdb/instance",
        "tencent/clb/load_balancer",
        "tencent/cvm/instance",
        "tencent/cvm/security_group",
        "tencent/vpc/flow_log",
        "tencent/vpc/vpc",
    ] {
        let (listings, assets, _) = counts.get(asset_type).copied().unwrap_or_default();
        assert!(listings > 0 && assets > 0, "{asset_type}: {counts:?}");
    }
    // Follow-up calls: login protection and keys of users, rules of groups.
    assert!(counts["tencent/cam/user"].2 > 0, "{counts:?}");
    assert!(counts["tencent/cvm/security_group"].2 > 0, "{counts:?}");
}

#[test]
fn huawei() {
    let Some(folder) = folder("huawei") else {
        return;
    };
    let counts = play(Provider::Huawei, &folder);
    for asset_type in [
        "huawei/ecs/instance",
        "huawei/eip/address",
        "huawei/elb/listener",
        "huawei/elb/load_balancer",
        "huawei/evs/volume",
        "huawei/kms/key",
        "huawei/obs/bucket",
        "huawei/rds/instance",
        "huawei/vpc/security_group",
    ] {
        let (listings, assets, _) = counts.get(asset_type).copied().unwrap_or_default();
        assert!(listings > 0 && assets > 0, "{asset_type}: {counts:?}");
    }
}

/// Whose keys, which projects, which accounts of the organisation.
#[test]
fn huawei_accounts() {
    let Some(folder) = folder("huawei") else {
        return;
    };
    let all = read(&folder);
    let catalog = Catalog::builtin().unwrap();
    let calls = catalog.provider_calls(Provider::Huawei).unwrap();
    let (options, cancel) = (options(), AtomicBool::new(false));
    let recorded = |path: &str| all.iter().find(|exchange| exchange.path == path).unwrap();
    let with = |path: &str, ask: &dyn Fn(&Session<'_>)| {
        let playback = Playback::new(recorded(path), &all);
        ask(&Session::new(
            &playback,
            &Keys,
            &options,
            Clock::System,
            &cancel,
        ));
    };
    with("/v3/auth/domains", &|session| {
        assert!(!session.identity(&calls.identity).unwrap().id.is_empty());
    });
    with("/v3/projects", &|session| {
        let regions = session
            .regions(calls.regions.as_ref().unwrap(), "")
            .unwrap();
        assert!(
            regions
                .iter()
                .all(|r| !r.project.is_empty() && r.id != "MOS")
        );
        assert!(!regions.is_empty());
    });
    with("/v1/organizations/accounts", &|session| {
        let members = session.members(calls.members.as_ref().unwrap()).unwrap();
        assert_eq!(members.len(), 2);
    });
}
