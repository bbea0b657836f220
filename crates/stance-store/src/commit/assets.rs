//! Assets: who is known, who is new, who is gone.

use std::collections::HashMap;

use crate::bulk;
use crate::db::{command, rows};
use crate::dialect::Column::{Int, Text};
use crate::error::{During, StoreError};
use crate::scope;

use super::coverage::Groups;
use super::gone::Gone;
use super::intake::{Asset, Intake};
use super::{DOING, Work};

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
struct Known {
    no: i64,
    name: String,
    file: Option<String>,
    line: Option<i64>,
    checks: String,
    gone: bool,
}

/// An asset of the batch on its way in.
struct Taken<'a> {
    asset: &'a Asset<'a>,
    known: Option<Known>,
    /// The checks that have a result for it in the batch, ascending.
    checks: Vec<i64>,
}

type KnownRow = (
    i64,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<i64>,
    String,
    i32,
);

impl Work {
    /// Stores the assets of the batch; answers their numbers and the assets that are gone.
    pub(super) async fn take_assets<'a>(
        &mut self,
        intake: &'a Intake<'a>,
        groups: &Groups<'_>,
    ) -> Result<(Assets<'a>, Vec<Gone>), StoreError> {
        let (places, mut taken) = place(intake, groups);
        let mut live = self.read_live().await?;
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
        self.find_returned(&mut taken).await?;
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

    /// The assets of the account that are not gone, by [`key`], with type and region.
    async fn read_live(&mut self) -> Result<HashMap<String, (String, String, Known)>, StoreError> {
        let sql = "SELECT asset_no, asset_type, region, id, name, file, line, checks, 0 FROM asset \
                   WHERE tenant_no = $1 AND account_no = $2 AND gone_ms IS NULL";
        let query = rows(sql).bind(self.tenant).bind(self.account);
        let found: Vec<KnownRow> = query.fetch_all(&mut *self.tx).await.during(DOING)?;
        Ok(found.into_iter().map(known).collect())
    }

    /// Finds assets of the batch that had been gone.
    async fn find_returned(&mut self, taken: &mut [Taken<'_>]) -> Result<(), StoreError> {
        let missing: Vec<_> = taken
            .iter()
            .filter(|t| t.known.is_none())
            .map(|t| (t.asset.group.1, &t.asset.group.0, &t.asset.id))
            .collect();
        let same = "a.tenant_no = $1 AND a.account_no = $2 AND a.asset_type = v.asset_type AND a.region = v.region \
                   AND a.id = v.id";
        let (asset, also) = self.dialect.each("asset", "a", same);
        let sql = format!(
            "SELECT a.asset_no, a.asset_type, a.region, a.id, a.name, a.file, a.line, a.checks, 1 \
             FROM {} AS v {asset} WHERE TRUE {also}",
            self.dialect
                .rows(3, &[Text("asset_type"), Text("region"), Text("id")])
        );
        let mut returned = HashMap::new();
        for chunk in bulk::chunks(&missing) {
            let query = rows(sql.clone())
                .bind(self.tenant)
                .bind(self.account)
                .bind(chunk?);
            let found: Vec<KnownRow> = query.fetch_all(&mut *self.tx).await.during(DOING)?;
            returned.extend(found.into_iter().map(known));
        }
        for one in taken.iter_mut().filter(|t| t.known.is_none()) {
            one.known = returned.remove(&key(one.asset)).map(|(_, _, known)| known);
        }
        Ok(())
    }

    /// Inserts the assets that were never seen; answers their numbers by [`key`].
    async fn insert_new(
        &mut self,
        taken: &[Taken<'_>],
    ) -> Result<HashMap<String, i64>, StoreError> {
        let new: Vec<_> = taken
            .iter()
            .filter(|t| t.known.is_none())
            .map(
                |Taken {
                     asset: a, checks, ..
                 }| {
                    (
                        a.group.1,
                        &a.group.0,
                        &a.id,
                        &a.name,
                        &a.file,
                        a.line,
                        scope::encode(checks),
                    )
                },
            )
            .collect();
        let columns = [
            Text("asset_type"),
            Text("region"),
            Text("id"),
            Text("name"),
            Text("file"),
            Int("line"),
            Text("checks"),
        ];
        let sql = format!(
            "INSERT INTO asset (tenant_no, account_no, last_ms, asset_type, region, id, name, file, line, checks) \
             SELECT $1, $2, $3, v.asset_type, v.region, v.id, v.name, v.file, v.line, v.checks FROM {} AS v \
             RETURNING asset_no, asset_type, region, id",
            self.dialect.rows(4, &columns)
        );
        let mut numbers = HashMap::new();
        for chunk in bulk::chunks(&new) {
            let query = rows(sql.clone())
                .bind(self.tenant)
                .bind(self.account)
                .bind(self.now)
                .bind(chunk?);
            let found: Vec<(i64, String, String, String)> =
                query.fetch_all(&mut *self.tx).await.during(DOING)?;
            for (no, asset_type, region, id) in found {
                numbers.insert(key_of(&asset_type, &region, &id), no);
            }
        }
        Ok(numbers)
    }

    /// Updates the assets of which something other than the time has changed.
    async fn update_changed(&mut self, taken: &[Taken<'_>]) -> Result<(), StoreError> {
        let changed: Vec<_> = taken
            .iter()
            .map(Taken::change)
            .collect::<Result<Vec<_>, _>>()?;
        let changed: Vec<_> = changed.into_iter().flatten().collect();
        let sql = format!(
            "UPDATE asset SET name = v.name, file = v.file, line = v.line, checks = v.checks, gone_ms = NULL \
             FROM {} AS v WHERE asset.tenant_no = $1 AND asset.asset_no = v.asset_no",
            self.dialect.rows(
                2,
                &[
                    Int("asset_no"),
                    Text("name"),
                    Text("file"),
                    Int("line"),
                    Text("checks")
                ]
            )
        );
        for chunk in bulk::chunks(&changed) {
            let query = command(sql.clone()).bind(self.tenant).bind(chunk?);
            query.execute(&mut *self.tx).await.during(DOING)?;
        }
        Ok(())
    }

    /// Notes that the assets were seen now.
    async fn touch(&mut self, slots: &[Slot<'_>]) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE asset SET last_ms = $2 WHERE tenant_no = $1 AND last_ms < $2 \
             AND asset_no IN (SELECT v.asset_no FROM {} AS v)",
            self.dialect.rows(3, &[Int("asset_no")])
        );
        let numbers: Vec<_> = slots.iter().map(|s| (s.no,)).collect();
        for chunk in bulk::chunks(&numbers) {
            let query = command(sql.clone())
                .bind(self.tenant)
                .bind(self.now)
                .bind(chunk?);
            query.execute(&mut *self.tx).await.during(DOING)?;
        }
        Ok(())
    }

    async fn count_assets(&mut self, gone: u64) -> Result<(), StoreError> {
        let by = self.stats.assets_new.cast_signed() - gone.cast_signed();
        let sql =
            "UPDATE account SET assets = assets + $3 WHERE tenant_no = $1 AND account_no = $2";
        let query = command(sql).bind(self.tenant).bind(self.account).bind(by);
        query.execute(&mut *self.tx).await.during(DOING).map(drop)
    }
}

/// Gives each place of the batch its asset. Stale assets have none.
fn place<'a>(intake: &'a Intake<'a>, groups: &Groups<'_>) -> (Vec<Option<usize>>, Vec<Taken<'a>>) {
    let mut by_key: HashMap<String, usize> = HashMap::new();
    let mut taken: Vec<Taken<'a>> = Vec::new();
    let mut places = Vec::with_capacity(intake.assets.len());
    for asset in &intake.assets {
        if groups.is_stale(&asset.group.0, asset.group.1) {
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
    fn change(&self) -> Result<Option<(i64, &str, Option<&str>, Option<u32>, String)>, StoreError> {
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

fn known(row: KnownRow) -> (String, (String, String, Known)) {
    let (no, asset_type, region, id, name, file, line, checks, gone) = row;
    let known = Known {
        no,
        name,
        file,
        line,
        checks,
        gone: gone == 1,
    };
    (
        key_of(&asset_type, &region, &id),
        (asset_type, region, known),
    )
}

fn key(asset: &Asset<'_>) -> String {
    key_of(asset.group.1, &asset.group.0, &asset.id)
}

/// What an asset is known by in its account. NUL is in none of the three.
fn key_of(asset_type: &str, region: &str, id: &str) -> String {
    format!("{asset_type}\0{region}\0{id}")
}
