//! What one commit carries: what a task found in one account.

use stance_model::{AssetType, CheckId, Coverage, Provider, ResultStatus};

use crate::image::ImageRow;

/// What a task found in one account. It is stored wholly or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountBatch {
    /// The provider.
    pub provider: Provider,
    /// The account, subscription or project.
    pub account: String,
    /// The name that people know it by; empty: the stored one stays.
    pub account_name: String,
    /// How completely each (region, asset type) was read. Assets of one that was read completely and that are not in
    /// `assets` are taken to be gone.
    pub coverage: Vec<Coverage>,
    /// The assets that were seen. The same (type, region, id) twice is one asset, with the words of the later one.
    pub assets: Vec<AssetRow>,
    /// What the checks found.
    pub results: Vec<CheckBatch>,
    /// What is known of those assets that are images; an image at which a newer task has looked is left alone with its
    /// results.
    pub images: Vec<ImageRow>,
}

/// An asset that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetRow {
    /// Its kind.
    pub asset_type: AssetType,
    /// Its region; `global` for what has none.
    pub region: String,
    /// The provider's id of it; at most 2 KiB.
    pub id: String,
    /// Its name; at most 4 KiB.
    pub name: String,
    /// The file that declares it, for infrastructure code.
    pub file: Option<String>,
    /// The line in that file, from 1.
    pub line: Option<u32>,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckBatch {
    /// The check.
    pub check_id: CheckId,
    /// Its results, in any order; none: the check ran and had nothing to judge.
    pub results: Vec<NewResult>,
}

/// What a check found of one asset. Two for the same pair are one: the worse of them, so that a contradiction never
/// reads as a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewResult {
    /// The asset, as its place in [`AccountBatch::assets`].
    pub asset: u32,
    /// The verdict.
    pub status: ResultStatus,
    /// Why there is no verdict, in the caller's form; at most 16 KiB.
    pub reason: Option<String>,
    /// What decided it, in the caller's form; at most 16 KiB.
    pub evidence: Option<String>,
}

/// What a commit did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommitStats {
    /// Assets that were not known, or had been gone.
    pub assets_new: u64,
    /// Assets found to be gone.
    pub assets_gone: u64,
    /// Results written because they are new or differ from what was stored.
    pub results_written: u64,
    /// Results that say what was stored already.
    pub results_unchanged: u64,
    /// Results of assets found to be gone.
    pub results_closed: u64,
    /// Results not taken because a newer task has looked at their asset type and region.
    pub stale: u64,
}
