//! What is stored: made up, the same at each run, different at each pass.

use std::fmt;

use stance_model::{
    AssetType, CheckId, Coverage, CoverageStatus, Provider, ResultStatus, TenantId,
};
use stance_store::{AccountBatch, AssetRow, CheckBatch, NewResult};

pub(crate) const TENANTS: usize = 2;
pub(crate) const ACCOUNTS: usize = 5;
const REGIONS: usize = 8;

/// How much.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) assets: usize,
    pub(crate) checks: usize,
    /// How often each query is asked.
    pub(crate) rounds: usize,
}

impl Scale {
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        match name {
            "full" => Ok(Self {
                assets: 5_000,
                checks: 200,
                rounds: 200,
            }),
            "medium" => Ok(Self {
                assets: 2_000,
                checks: 100,
                rounds: 100,
            }),
            "small" => Ok(Self {
                assets: 200,
                checks: 50,
                rounds: 20,
            }),
            other => Err(format!("`{other}` is no scale: full, medium, small")),
        }
    }

    pub(crate) fn results(self) -> usize {
        TENANTS * ACCOUNTS * self.assets * self.checks
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{TENANTS} tenants × {ACCOUNTS} accounts × {} assets × {} checks",
            self.assets, self.checks
        )
    }
}

pub(crate) fn tenants() -> Vec<TenantId> {
    (0..TENANTS)
        .filter_map(|t| TenantId::new(format!("tenant-{t}")).ok())
        .collect()
}

pub(crate) fn check_ids(scale: Scale) -> Vec<CheckId> {
    (1..=scale.checks as i64)
        .filter_map(|id| CheckId::new(id).ok())
        .collect()
}

pub(crate) fn asset_id(account: usize, asset: usize) -> String {
    format!(
        "i-{:06x}{account}{asset:04}",
        mix((account * 10_000 + asset) as u64) & 0xff_ffff
    )
}

fn region(asset: usize) -> String {
    format!("cn-region-{}", asset % REGIONS)
}

/// What a pass finds in an account.
pub(crate) fn batch(
    scale: Scale,
    account: usize,
    pass: u64,
) -> Result<AccountBatch, Box<dyn std::error::Error>> {
    let asset_type: AssetType = "aliyun/ecs/instance".parse()?;
    let name = format!("{:016}", 1_000_000_000_000_000 + account);
    let coverage = (0..REGIONS).map(|at| Coverage {
        provider: Provider::Aliyun,
        account: name.clone(),
        region: region(at),
        asset_type: asset_type.clone(),
        status: CoverageStatus::Ok,
        reason: None,
    });
    let assets = (0..scale.assets).map(|at| AssetRow {
        asset_type: asset_type.clone(),
        region: region(at),
        id: asset_id(account, at),
        name: format!("web-{at}"),
        file: None,
        line: None,
    });
    let results = check_ids(scale).into_iter().map(|check_id| CheckBatch {
        check_id,
        results: (0..scale.assets)
            .map(|at| result(account, at, check_id, pass))
            .collect(),
    });
    Ok(AccountBatch {
        provider: Provider::Aliyun,
        account_name: format!("account {account}"),
        coverage: coverage.collect(),
        assets: assets.collect(),
        results: results.collect(),
        images: Vec::new(),
        account: name,
    })
}

/// 14 in 100 do not pass and carry some 40 bytes; from the second pass on one in 100 is other than in the first.
fn result(account: usize, asset: usize, check: CheckId, pass: u64) -> NewResult {
    let seed = mix(((account * 10_000 + asset) as u64) << 20 | check.get().unsigned_abs());
    let flipped = pass > 1 && mix(seed ^ 0x5eed).is_multiple_of(100);
    let status = match (seed % 100, flipped) {
        (0..10, false) => ResultStatus::Fail,
        (10..12, false) => ResultStatus::NotApplicable,
        (12..14, false) => ResultStatus::Unknown,
        (0..14, true) => ResultStatus::Pass,
        (_, true) => ResultStatus::Fail,
        _ => ResultStatus::Pass,
    };
    let evidence = (status != ResultStatus::Pass)
        .then(|| format!("{{\"items\":[{{\"OpenPort\":\"tcp/{}\"}}]}}", seed % 65_536));
    NewResult {
        asset: u32::try_from(asset).unwrap_or_default(),
        status,
        reason: None,
        evidence,
    }
}

/// Scatters numbers (splitmix64).
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
