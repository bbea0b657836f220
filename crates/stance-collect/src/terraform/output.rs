//! The assets of a file as the lines of a snapshot.

use std::collections::{BTreeMap, BTreeSet};

use stance_model::record::{Account, End, Record};
use stance_model::{Asset, AssetType, Origin, Reason, ReasonKind};

use super::draft::Draft;
use super::estate::agreed;
use super::place;
use super::resource::Resource;

/// Longest texts, in bytes, as a snapshot admits them.
const ID: usize = 1_024;
const PLACE: usize = 64;
const ACCOUNT: usize = 128;

/// Where the assets come from.
pub(super) struct From<'f> {
    /// `tfstate` or `tfplan`.
    pub(super) kind: &'static str,
    /// The file as the user named it.
    pub(super) file: &'f str,
    /// The account of what names none.
    pub(super) account: &'f str,
}

/// The assets of one configuration.
pub(super) fn assets(drafts: Vec<(Draft, &Resource)>, from: &From<'_>) -> Vec<Asset> {
    let places = Places::of(&drafts);
    drafts
        .into_iter()
        .filter_map(|(draft, resource)| asset(draft, resource, &places, from))
        .collect()
}

/// All records: the accounts, the assets, the end. There is no coverage record, see the module.
pub(crate) fn records(assets: Vec<Asset>) -> Vec<Record> {
    let accounts: BTreeSet<_> = assets
        .iter()
        .map(|a| (a.provider, a.account.clone()))
        .collect();
    let count = assets.len() as u64;
    let accounts = accounts.into_iter().map(|(provider, id)| {
        Record::Account(Account {
            provider,
            id,
            name: String::new(),
        })
    });
    accounts
        .chain(
            assets
                .into_iter()
                .map(|asset| Record::Asset(Box::new(asset))),
        )
        .chain([Record::End(End {
            assets: count,
            coverage: 0,
        })])
        .collect()
}

/// What the resources of one provider configuration agree on: it has one credential and one region.
struct Places {
    accounts: BTreeMap<String, String>,
    regions: BTreeMap<String, String>,
}

impl Places {
    fn of(drafts: &[(Draft, &Resource)]) -> Self {
        let said = |what: fn(&Draft) -> Option<&String>| {
            agreed(drafts.iter().filter_map(move |(draft, resource)| {
                Some((resource.provider.clone(), what(draft)?.clone()))
            }))
        };
        Self {
            accounts: said(|draft| draft.account.as_ref()),
            regions: said(|draft| draft.region.as_ref().filter(|r| *r != "global")),
        }
    }
}

fn asset(mut draft: Draft, resource: &Resource, places: &Places, from: &From<'_>) -> Option<Asset> {
    let account = draft
        .account
        .take()
        .or_else(|| places.accounts.get(&resource.provider).cloned());
    if account.is_none() {
        for (call, why) in std::mem::take(&mut draft.needs_account) {
            draft
                .unknown
                .insert(call.to_owned(), Reason::new(ReasonKind::NotCollected, why));
        }
    }
    let account = clean(&account.unwrap_or_else(|| from.account.to_owned()), ACCOUNT)?;
    let region = draft
        .region
        .take()
        .or_else(|| resource.region.clone())
        .or_else(|| places.regions.get(&resource.provider).cloned());
    let region = clean(&region.unwrap_or_else(|| place::REGION.to_owned()), PLACE)?;
    let id = if draft.is_account {
        account.clone()
    } else {
        clean(&draft.id, ID)?
    };
    let asset_type: AssetType = draft.asset_type.parse().ok()?;
    Some(Asset {
        provider: asset_type.provider(),
        account,
        region,
        name: draft
            .name
            .and_then(|name| clean(&name, ID))
            .unwrap_or_else(|| id.clone()),
        id,
        zone: draft.zone.and_then(|zone| clean(&zone, PLACE)),
        tags: draft
            .tags
            .into_iter()
            .filter(|(k, v)| k.len() <= ID && v.len() <= ID)
            .collect(),
        facts: draft.facts,
        unknown: draft
            .unknown
            .into_iter()
            .map(|(call, reason)| (call, short(reason)))
            .collect(),
        origin: Some(Origin {
            kind: from.kind.to_owned(),
            at: None,
            file: Some(
                resource
                    .file
                    .clone()
                    .unwrap_or_else(|| from.file.to_owned()),
            ),
            line: Some(resource.line),
        }),
        asset_type,
    })
}

/// The text if a snapshot can hold it: not empty, not too long, without NUL. Such an id is none that a provider gives.
fn clean(text: &str, limit: usize) -> Option<String> {
    let fits = !text.is_empty() && text.len() <= limit && !text.contains('\0');
    fits.then(|| text.to_owned())
}

/// A reason whose message is short enough to keep.
fn short(mut reason: Reason) -> Reason {
    reason.message = reason
        .message
        .map(|m| m.chars().filter(|c| *c != '\0').take(1_000).collect());
    reason
}
