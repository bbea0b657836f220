//! Assets: who is known, who is new, who is gone.

use std::collections::{HashMap, HashSet};

use crate::error::StoreError;
use crate::scope;

use super::Work;
use super::coverage::Groups;
use super::gone::Gone;
use super::intake::{Asset, Intake};

/// Result ids on the wire are made of the number of the asset and stay below 2⁵³ as long as this holds.
const NUMBERS: i64 = 1 << 33;

/// The assets of a batch with their numbers.
#[derive(Debug)]
pub(super) struct Assets<'a> {
    /// By place in the batch; none: stale, not taken.
    places: Vec<Option<usize>>,
    slots: Vec<Slot<'a>>,
}

/// One asset, however often the batch names it.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    pub(super) no: i64,
    pub(super) region: &'a str,
    pub(super) id: &'a str,
    /// Whether it had been gone.
    pub(super) returned: bool,
}

impl<'a> Assets<'a> {
    /// The asset at a place of the batch; none: it is stale.
    pub(super) fn at(&self, place: u32) -> Option<&Slot<'a>> {
        self.slots.get((*self.places.get(place as usize)?)?)
    }
}

/// An asset as it is stored.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) no: i64,
    pub(super) name: String,
    pub(super) file: Option<String>,
    pub(super) line: Option<i64>,
    pub(super) checks: String,
    pub(super) gone: bool,
}

/// An asset of the batch on its way in.
pub(super) struct Taken<'a> {
    pub(super) asset: &'a Asset<'a>,
    pub(super) known: Option<Known>,
    /// The checks that have a result for it in the batch, ascending.
    pub(super) checks: Vec<i64>,
}

impl Work {
    /// Stores the assets of the batch; answers their numbers and the assets that are gone.
    pub(super) async fn take_assets<'a>(
        &mut self,
        intake: &'a Intake<'a>,
        groups: &Groups<'_>,
        late: &HashSet<String>,
    ) -> Result<(Assets<'a>, Vec<Gone>), StoreError> {
        let (places, mut taken) = place(intake, groups, late);
        // Where nothing was read completely nothing can be gone: one image of thousands reads one row.
        let mut live = match intake.coverage.is_empty() {
            true => HashMap::new(),
            false => self.read_live().await?,
        };
        for one in &mut taken {
            one.known = live.remove(&key(one.asset)).map(|(_, _, known)| known);
        }
        let gone: Vec<Gone> = live
            .into_values()
            .filter(|(asset_type, region, _)| groups.is_complete(region, asset_type))
            .map(|(_, region, known)| Gone {
                no: known.no,
                region,
                checks: known.checks,
            })
            .collect();
        self.find_others(&mut taken).await?;
        let numbers = self.insert_new(&taken).await?;
        self.update_changed(&taken).await?;
        let slots = taken
            .iter()
            .map(|t| slot(t, &numbers))
            .collect::<Result<Vec<_>, _>>()?;
        self.touch(&slots).await?;
        self.stats.assets_new = taken
            .iter()
            .filter(|t| t.known.as_ref().is_none_or(|k| k.gone))
            .count() as u64;
        self.count_assets(gone.len() as u64).await?;
        Ok((Assets { places, slots }, gone))
    }
}

/// Gives each place of the batch its asset. Stale assets have none.
fn place<'a>(
    intake: &'a Intake<'a>,
    groups: &Groups<'_>,
    late: &HashSet<String>,
) -> (Vec<Option<usize>>, Vec<Taken<'a>>) {
    let mut by_key: HashMap<String, usize> = HashMap::new();
    let mut taken: Vec<Taken<'a>> = Vec::new();
    let mut places = Vec::with_capacity(intake.assets.len());
    for asset in &intake.assets {
        let is_late = !late.is_empty() && late.contains(&key(asset));
        if is_late || groups.is_stale(&asset.group.0, asset.group.1) {
            places.push(None);
            continue;
        }
        let at = *by_key.entry(key(asset)).or_insert(taken.len());
        match taken.get_mut(at) {
            Some(earlier) => earlier.asset = asset,
            None => taken.push(Taken {
                asset,
                known: None,
                checks: Vec::new(),
            }),
        }
        places.push(Some(at));
    }
    for (check, results) in &intake.results {
        for at in results
            .iter()
            .filter_map(|r| places.get(r.asset as usize).copied().flatten())
        {
            if let Some(one) = taken.get_mut(at).filter(|t| t.checks.last() != Some(check)) {
                one.checks.push(*check);
            }
        }
    }
    (places, taken)
}

impl<'a> Taken<'a> {
    /// The row of an update, when something other than the time has changed.
    #[expect(clippy::type_complexity, reason = "a row as it is bound, used once")]
    pub(super) fn change(
        &self,
    ) -> Result<Option<(i64, &str, Option<&str>, Option<u32>, String)>, StoreError> {
        let Some(known) = &self.known else {
            return Ok(None);
        };
        let asset = self.asset;
        let checks = scope::encode(&scope::union(&scope::decode(&known.checks)?, &self.checks));
        let same = !known.gone
            && known.name == asset.name
            && known.file.as_deref() == asset.file.as_deref()
            && known.line == asset.line.map(i64::from)
            && known.checks == checks;
        Ok((!same).then(|| {
            (
                known.no,
                &*asset.name,
                asset.file.as_deref(),
                asset.line,
                checks,
            )
        }))
    }
}

fn slot<'a>(taken: &Taken<'a>, numbers: &HashMap<String, i64>) -> Result<Slot<'a>, StoreError> {
    let asset = taken.asset;
    let no = taken
        .known
        .as_ref()
        .map(|k| k.no)
        .or_else(|| numbers.get(&key(asset)).copied());
    let no = no.ok_or_else(|| StoreError::corrupt("no number for an asset just added"))?;
    if no >= NUMBERS {
        return Err(StoreError::corrupt(format!(
            "an asset number that is too large ({no})"
        )));
    }
    let returned = taken.known.as_ref().is_some_and(|k| k.gone);
    Ok(Slot {
        no,
        region: &asset.group.0,
        id: &asset.id,
        returned,
    })
}

pub(super) fn key(asset: &Asset<'_>) -> String {
    key_of(asset.group.1, &asset.group.0, &asset.id)
}

/// What an asset is known by in its account. NUL is in none of the three.
pub(super) fn key_of(asset_type: &str, region: &str, id: &str) -> String {
    format!("{asset_type}\0{region}\0{id}")
}
