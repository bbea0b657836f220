//! The resources of an export as assets.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};
use stance_model::{Asset, AssetType, Origin};

/// Longest texts, in bytes, as a snapshot admits them.
const ID: usize = 1_024;
const PLACE: usize = 64;
const ACCOUNT: usize = 128;

/// A resource.
#[derive(Default)]
pub(super) struct Found {
    /// `azure-graph`, `aws-config`, `aliyun-config`.
    pub(super) origin: &'static str,
    pub(super) asset_type: &'static str,
    pub(super) account: String,
    /// Empty: it has none.
    pub(super) region: String,
    pub(super) id: String,
    /// Empty: the id.
    pub(super) name: String,
    pub(super) zone: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) facts: Map<String, Value>,
    /// When it was like this, in milliseconds since 1970.
    pub(super) time: i64,
    /// Whether it is no more.
    pub(super) gone: bool,
}

/// The resources of a file, each in its newest state.
#[derive(Default)]
pub(super) struct All {
    found: Vec<(Found, u32)>,
    places: HashMap<(&'static str, String, String, String), usize>,
}

impl All {
    /// Adds a resource that begins on this line.
    pub(super) fn add(&mut self, found: Found, line: u32) {
        let key = (
            found.asset_type,
            found.account.clone(),
            found.region.clone(),
            found.id.clone(),
        );
        let known = self.places.get(&key).and_then(|at| self.found.get_mut(*at));
        match known {
            Some(known) if known.0.time <= found.time => *known = (found, line),
            Some(_) => {}
            None => {
                self.places.insert(key, self.found.len());
                self.found.push((found, line));
            }
        }
    }

    /// The assets, in the order of the file.
    pub(super) fn assets(self, file: &str) -> Vec<Asset> {
        let all = self.found.into_iter().filter(|(found, _)| !found.gone);
        all.filter_map(|(found, line)| asset(found, file, line))
            .collect()
    }
}

/// The asset; none where its id or place is one that no provider gives.
fn asset(found: Found, file: &str, line: u32) -> Option<Asset> {
    let asset_type: AssetType = found.asset_type.parse().ok()?;
    let region = match found.region.as_str() {
        "" => "global",
        region => region,
    };
    let id = clean(&found.id, ID)?;
    Some(Asset {
        provider: asset_type.provider(),
        account: clean(&found.account, ACCOUNT)?,
        region: clean(region, PLACE)?,
        name: clean(&found.name, ID).unwrap_or_else(|| id.clone()),
        id,
        zone: found.zone.and_then(|zone| clean(&zone, PLACE)),
        tags: short(found.tags),
        facts: found.facts,
        unknown: BTreeMap::new(),
        origin: Some(Origin {
            kind: found.origin.to_owned(),
            at: None,
            file: Some(file.to_owned()),
            line: Some(line),
        }),
        asset_type,
    })
}

fn short(tags: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let fits = |text: &str| text.len() <= ID && !text.contains('\0');
    tags.into_iter()
        .filter(|(key, value)| fits(key) && fits(value))
        .collect()
}

fn clean(text: &str, limit: usize) -> Option<String> {
    let fits = !text.is_empty() && text.len() <= limit && !text.contains('\0');
    fits.then(|| text.to_owned())
}

/// The text at a member.
pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    let found = value.get(name)?.as_str()?;
    (!found.is_empty()).then(|| found.to_owned())
}

/// The members of an object that are texts.
pub(super) fn texts(value: Option<&Value>) -> BTreeMap<String, String> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    let members =
        members.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
    members.collect()
}

/// A time in milliseconds: a number, a number as a text, or RFC 3339; of anything else, the beginning.
pub(super) fn millis(value: Option<&Value>) -> i64 {
    match value {
        Some(Value::Number(number)) => number.as_i64().unwrap_or_default(),
        Some(Value::String(text)) => text.parse::<i64>().unwrap_or_else(|_| {
            let time = text.parse::<jiff::Timestamp>();
            time.map(|time| time.as_millisecond()).unwrap_or_default()
        }),
        _ => 0,
    }
}
