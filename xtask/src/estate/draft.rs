//! What the product files build the estate with.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};
use stance_model::record::{Account as AccountRecord, End, Header};
use stance_model::{Asset, AssetType, Coverage, CoverageStatus, Reason, ReasonKind, Record};

use super::places::{ACCOUNTS, Account};
use super::variety::request_id;

/// The moment at which the estate says it was collected.
const COLLECTED_AT: &str = "2026-11-01T08:00:00Z";

/// One asset in the making.
#[derive(Debug)]
pub(crate) struct Draft {
    account: Account,
    asset_type: &'static str,
    region: String,
    id: String,
    name: String,
    zone: Option<String>,
    tags: BTreeMap<String, String>,
    facts: Map<String, Value>,
    unknown: BTreeMap<String, Reason>,
}

impl Draft {
    /// An asset without facts so far.
    pub(crate) fn new(
        account: Account,
        region: &str,
        asset_type: &'static str,
        id: &str,
        name: &str,
    ) -> Self {
        Self {
            account,
            asset_type,
            region: region.to_owned(),
            id: id.to_owned(),
            name: name.to_owned(),
            zone: None,
            tags: BTreeMap::new(),
            facts: Map::new(),
            unknown: BTreeMap::new(),
        }
    }

    /// What `call` answered; `Value::Null` when the provider says there is none.
    #[must_use]
    pub(crate) fn fact(mut self, call: &str, answer: Value) -> Self {
        self.facts.insert(call.to_owned(), answer);
        self
    }

    /// Says that `call` could not be read, and why.
    #[must_use]
    pub(crate) fn unknown(mut self, call: &str, reason: Reason) -> Self {
        self.unknown.insert(call.to_owned(), reason);
        self
    }

    /// Adds a tag.
    #[must_use]
    pub(crate) fn tag(mut self, key: &str, value: &str) -> Self {
        self.tags.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Puts it into a zone.
    #[must_use]
    pub(crate) fn zone(mut self, zone: &str) -> Self {
        self.zone = Some(zone.to_owned());
        self
    }

    fn place(&self) -> Place {
        Place::new(self.account, &self.region, self.asset_type)
    }

    fn record(self) -> Result<Record> {
        Ok(Record::Asset(Box::new(Asset {
            provider: self.account.provider,
            account: self.account.id.to_owned(),
            region: self.region,
            asset_type: self.asset_type.parse()?,
            id: self.id,
            name: self.name,
            zone: self.zone,
            tags: self.tags,
            facts: self.facts,
            unknown: self.unknown,
            origin: None,
        })))
    }
}

/// Where an asset type was read: the key of coverage.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    account: &'static str,
    region: String,
    asset_type: &'static str,
}

impl Place {
    fn new(account: Account, region: &str, asset_type: &'static str) -> Self {
        Self {
            account: account.id,
            region: region.to_owned(),
            asset_type,
        }
    }
}

/// The estate in the making: assets in the order in which they were added, and what was covered how.
#[derive(Debug, Default)]
pub(crate) struct Estate {
    assets: Vec<Draft>,
    covered: BTreeMap<Place, (CoverageStatus, Option<Reason>)>,
}

impl Estate {
    /// Adds an asset.
    pub(crate) fn asset(&mut self, draft: Draft) {
        self.assets.push(draft);
    }

    /// Adds to each asset what `answers` knows of it by its type, its id and the how manieth of its type it is. What an
    /// asset says by itself stays.
    pub(crate) fn enrich(&mut self, answers: fn(&str, &str, usize) -> Vec<(&'static str, Value)>) {
        let mut turns: BTreeMap<&'static str, usize> = BTreeMap::new();
        for draft in &mut self.assets {
            let turn = turns.entry(draft.asset_type).or_default();
            for (call, answer) in answers(draft.asset_type, &draft.id, *turn) {
                draft.facts.entry(call).or_insert(answer);
            }
            *turn += 1;
        }
    }

    /// Says that each of `types` was read completely in each of `regions`, where [`Estate::cover`] does not say
    /// otherwise (before or after).
    pub(crate) fn covers(&mut self, account: Account, regions: &[&str], types: &[&'static str]) {
        for region in regions {
            for asset_type in types {
                let place = Place::new(account, region, asset_type);
                self.covered
                    .entry(place)
                    .or_insert((CoverageStatus::Ok, None));
            }
        }
    }

    /// Says how one type was read in one region, and why not completely.
    pub(crate) fn cover(
        &mut self,
        account: Account,
        region: &str,
        asset_type: &'static str,
        status: CoverageStatus,
        reason: Option<Reason>,
    ) {
        self.covered
            .insert(Place::new(account, region, asset_type), (status, reason));
    }

    /// The records of the file: header, then each account with its coverage and assets, then the end.
    ///
    /// # Errors
    /// An asset that is added twice, has no valid type, or lies where coverage says that there is none.
    pub(super) fn records(self) -> Result<Vec<Value>> {
        self.validate()?;
        let end = End {
            assets: count(self.assets.len()),
            coverage: count(self.covered.len()),
        };
        let mut records = vec![Record::Snapshot(Header {
            format: 1,
            at: COLLECTED_AT.to_owned(),
            producer: "cargo xtask estate".to_owned(),
        })];
        let mut assets = self.assets;
        for account in ACCOUNTS {
            records.push(account_record(account));
            for (place, (status, reason)) in self
                .covered
                .iter()
                .filter(|(place, _)| place.account == account.id)
            {
                records.push(coverage_record(account, place, *status, reason.clone())?);
            }
            let (mine, others): (Vec<Draft>, Vec<Draft>) = assets
                .into_iter()
                .partition(|draft| draft.account == account);
            assets = others;
            for draft in mine {
                records.push(draft.record()?);
            }
        }
        records.push(Record::End(end));
        records
            .iter()
            .map(|record| serde_json::to_value(record).context("a record has no JSON form"))
            .collect()
    }

    /// Reports what contradicts itself, all of it at once.
    fn validate(&self) -> Result<()> {
        let mut seen = BTreeSet::new();
        let mut problems = Vec::new();
        for draft in &self.assets {
            let place = draft.place();
            let what = format!(
                "{} {} {} {}",
                place.account, place.region, place.asset_type, draft.id
            );
            match self.covered.get(&place) {
                Some((CoverageStatus::Ok | CoverageStatus::Partial, _)) => {}
                Some((status, _)) => {
                    problems.push(format!("{what}: coverage there is {}", status.key()));
                }
                None => problems.push(format!("{what}: nothing covers this type there")),
            }
            if !seen.insert((place, draft.id.clone())) {
                problems.push(format!("{what}: added twice"));
            }
        }
        if problems.is_empty() {
            return Ok(());
        }
        bail!("the estate contradicts itself:\n{}", problems.join("\n"))
    }
}

fn account_record(account: Account) -> Record {
    Record::Account(AccountRecord {
        provider: account.provider,
        id: account.id.to_owned(),
        name: account.name.to_owned(),
    })
}

fn coverage_record(
    account: Account,
    place: &Place,
    status: CoverageStatus,
    reason: Option<Reason>,
) -> Result<Record> {
    let asset_type: AssetType = place.asset_type.parse()?;
    let region = place.region.clone();
    let account_id = account.id.to_owned();
    Ok(Record::Coverage(Coverage {
        provider: account.provider,
        account: account_id,
        region,
        asset_type,
        status,
        reason,
    }))
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// A reason with the provider's code and request id.
pub(crate) fn reason(kind: ReasonKind, code: &str) -> Reason {
    Reason {
        kind,
        code: Some(code.to_owned()),
        request_id: Some(request_id(code)),
        message: None,
    }
}

/// The reason of a call that the credentials may not make, with the provider's code, such as `Forbidden.RAM`.
pub(crate) fn denied(code: &str) -> Reason {
    reason(ReasonKind::NoPermission, code)
}

/// `document` with one of its fields set.
pub(crate) fn with(document: Value, field: &str, value: Value) -> Value {
    let mut fields = if let Value::Object(fields) = document {
        fields
    } else {
        Map::new()
    };
    fields.insert(field.to_owned(), value);
    Value::Object(fields)
}
