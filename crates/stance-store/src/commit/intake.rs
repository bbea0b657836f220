//! A batch, checked before the transaction begins: bounded, without NUL, without contradictions.

use std::borrow::Cow;
use std::collections::BTreeMap;

use stance_model::{Coverage, Provider, Reason};

use crate::batch::{AccountBatch, AssetRow, NewResult};
use crate::error::StoreError;
use crate::text::{self, take, take_some};

use super::images::{Image, images};

/// (region, asset type): the unit of coverage.
pub(super) type Group<'a> = (Cow<'a, str>, &'a str);

/// A batch that can be stored.
pub(super) struct Intake<'a> {
    pub(super) provider: Provider,
    pub(super) account: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
    pub(super) coverage: BTreeMap<Group<'a>, Seen>,
    pub(super) assets: Vec<Asset<'a>>,
    /// Results by check, ascending. Their texts are bounded, and cleaned when they are compared.
    pub(super) results: BTreeMap<i64, Vec<&'a NewResult>>,
    pub(super) images: Vec<Image<'a>>,
}

/// How a (region, asset type) was read.
pub(super) struct Seen {
    pub(super) status: &'static str,
    pub(super) complete: bool,
    /// JSON.
    pub(super) reason: Option<String>,
}

/// An asset of the batch.
pub(super) struct Asset<'a> {
    pub(super) group: Group<'a>,
    pub(super) id: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
    pub(super) file: Option<Cow<'a, str>>,
    pub(super) line: Option<u32>,
}

impl<'a> Intake<'a> {
    pub(super) fn new(batch: &'a AccountBatch) -> Result<Self, StoreError> {
        Ok(Self {
            provider: batch.provider,
            account: take("account, in bytes", &batch.account, text::SHORT)?,
            name: take(
                "name of the account, in bytes",
                &batch.account_name,
                text::NAME,
            )?,
            coverage: coverage(batch)?,
            assets: batch
                .assets
                .iter()
                .map(Asset::new)
                .collect::<Result<_, _>>()?,
            results: results(batch)?,
            images: images(batch)?,
        })
    }
}

impl<'a> Asset<'a> {
    fn new(row: &'a AssetRow) -> Result<Self, StoreError> {
        Ok(Self {
            group: (
                take("region of an asset, in bytes", &row.region, text::SHORT)?,
                row.asset_type.as_str(),
            ),
            id: take("id of an asset, in bytes", &row.id, text::ID)?,
            name: take("name of an asset, in bytes", &row.name, text::NAME)?,
            file: take_some(
                "file of an asset, in bytes",
                row.file.as_deref(),
                text::NAME,
            )?,
            line: row.line,
        })
    }
}

/// Coverage by group. Of two records for one group the first that is not complete stands: nothing is taken to be
/// gone on a contradiction.
fn coverage(batch: &AccountBatch) -> Result<BTreeMap<Group<'_>, Seen>, StoreError> {
    let mut all: BTreeMap<Group<'_>, Seen> = BTreeMap::new();
    for record in &batch.coverage {
        if record.provider != batch.provider || record.account != batch.account {
            let what = format!(
                "coverage of account `{}` in the batch of `{}`",
                record.account, batch.account
            );
            return Err(StoreError::Invalid {
                what,
                why: "a batch is of one account",
            });
        }
        let region = take(
            "region of a coverage record, in bytes",
            &record.region,
            text::SHORT,
        )?;
        let group = (region, record.asset_type.as_str());
        if all.get(&group).is_none_or(|earlier| earlier.complete) {
            all.insert(group, Seen::new(record)?);
        }
    }
    Ok(all)
}

impl Seen {
    fn new(record: &Coverage) -> Result<Self, StoreError> {
        let reason = record
            .reason
            .as_ref()
            .map(cleaned)
            .map(|r| serde_json::to_string(&r))
            .transpose();
        let reason =
            reason.map_err(|e| StoreError::corrupt(format!("a reason that is no JSON ({e})")))?;
        text::bound(
            "reason of a coverage record, in bytes",
            reason.as_ref().map_or(0, String::len),
            text::LONG,
        )?;
        Ok(Self {
            status: record.status.key(),
            complete: record.status.is_complete(),
            reason,
        })
    }
}

/// The reason without NUL. JSON would hide it in an escape and bring it back.
fn cleaned(reason: &Reason) -> Reason {
    let text = |t: &Option<String>| t.as_deref().map(|t| text::clean(t).into_owned());
    Reason {
        kind: reason.kind,
        code: text(&reason.code),
        request_id: text(&reason.request_id),
        message: text(&reason.message),
    }
}

fn results(batch: &AccountBatch) -> Result<BTreeMap<i64, Vec<&NewResult>>, StoreError> {
    let mut all: BTreeMap<i64, Vec<&NewResult>> = BTreeMap::new();
    for check in &batch.results {
        for result in &check.results {
            if batch.assets.get(result.asset as usize).is_none() {
                let what = format!(
                    "result of check {} for asset number {}",
                    check.check_id, result.asset
                );
                return Err(StoreError::Invalid {
                    what,
                    why: "the batch has no such asset",
                });
            }
            // A NUL grows by two bytes when it is replaced; the little that may exceed the bound then does no harm.
            text::bound(
                "reason of a result, in bytes",
                result.reason.as_ref().map_or(0, String::len),
                text::LONG,
            )?;
            text::bound(
                "evidence of a result, in bytes",
                result.evidence.as_ref().map_or(0, String::len),
                text::LONG,
            )?;
        }
        all.entry(check.check_id.get())
            .or_default()
            .extend(&check.results);
    }
    Ok(all)
}
