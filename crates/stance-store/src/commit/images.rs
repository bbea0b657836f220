//! What a commit says of images: what they are, and which of their items failed once.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use serde::Serialize;
use stance_model::{Provider, ResultStatus};

use crate::batch::AccountBatch;
use crate::bulk;
use crate::db::{command, rows};
use crate::dialect::Column::{Int, Text};
use crate::error::{During, StoreError};
use crate::image::ImageRow;
use crate::text::{self, take};

use super::assets::{Assets, key_of};
use super::intake::Intake;
use super::{DOING, Work};

/// How much of a name orders lists, in bytes: an entry of an index has room for that.
const SORTED: usize = 255;

/// An image of the batch, its texts in the order of [`TEXTS`].
pub(super) struct Image<'a> {
    row: &'a ImageRow,
    sort_name: &'a str,
    texts: [Cow<'a, str>; 11],
}

const TEXTS: [&str; 11] = [
    "kind",
    "registry",
    "repo_namespace",
    "repo_name",
    "tag",
    "digest",
    "image_id",
    "os",
    "architecture",
    "container_id",
    "container_name",
];

/// A list, since a tuple has not so many columns.
#[derive(Serialize)]
#[serde(untagged)]
enum Value<'a> {
    Number(Option<i64>),
    Text(&'a str),
}

/// The images of a batch; refused when one is of no asset.
pub(super) fn images(batch: &AccountBatch) -> Result<Vec<Image<'_>>, StoreError> {
    batch.images.iter().map(|row| image(batch, row)).collect()
}

fn image<'a>(batch: &'a AccountBatch, row: &'a ImageRow) -> Result<Image<'a>, StoreError> {
    let asset = batch.assets.get(row.asset as usize);
    let asset = asset.filter(|_| batch.provider == Provider::Image);
    let asset = asset.ok_or_else(|| StoreError::Invalid {
        what: format!("image of asset number {}", row.asset),
        why: "the batch has no such asset, or is not one of images",
    })?;
    let short = |what, given| take(what, given, text::SHORT);
    let long = |what, given| take(what, given, text::NAME);
    Ok(Image {
        row,
        sort_name: beginning(&asset.name),
        texts: [
            short("kind of an image, in bytes", &row.kind)?,
            short("registry of an image, in bytes", &row.registry)?,
            long("namespace of an image, in bytes", &row.repo_namespace)?,
            long("repository of an image, in bytes", &row.repo_name)?,
            short("tag of an image, in bytes", &row.tag)?,
            short("digest of an image, in bytes", &row.digest)?,
            short("id of an image, in bytes", &row.image_id)?,
            short("operating system of an image, in bytes", &row.os)?,
            short("architecture of an image, in bytes", &row.architecture)?,
            short("id of a container, in bytes", &row.container_id)?,
            long("name of a container, in bytes", &row.container_name)?,
        ],
    })
}

/// The beginning of a name, without NUL.
fn beginning(name: &str) -> &str {
    let name = name.get(..name.floor_char_boundary(SORTED)).unwrap_or(name);
    name.split('\0').next().unwrap_or_default()
}

impl Image<'_> {
    fn list(&self, asset: i64) -> Vec<Value<'_>> {
        let row = self.row;
        let numbers = [
            Some(asset),
            Some(row.size),
            row.created_ms,
            Some(row.layers),
        ];
        let mut list: Vec<Value<'_>> = numbers.into_iter().map(Value::Number).collect();
        list.push(Value::Text(self.sort_name));
        list.extend(self.texts.iter().map(|text| Value::Text(text)));
        list
    }
}

impl Work {
    /// The images of the batch at which a newer task has looked, as [`key_of`] their asset.
    pub(super) async fn read_late_images(
        &mut self,
        intake: &Intake<'_>,
    ) -> Result<HashSet<String>, StoreError> {
        let ids: Vec<_> = intake
            .images
            .iter()
            .filter_map(|image| intake.assets.get(image.row.asset as usize))
            .map(|asset| (&asset.id,))
            .collect();
        let key = "i.tenant_no = $1 AND i.uuid = v.id AND i.task_id > $3";
        let (image, also) = self.dialect.each("image", "i", key);
        let sql = format!(
            "SELECT a.asset_type, a.region, a.id FROM {} AS v {image} CROSS JOIN asset a \
             WHERE a.tenant_no = $1 AND a.asset_no = i.asset_no AND a.account_no = $2 {also}",
            self.dialect.rows(4, &[Text("id")])
        );
        let mut late = HashSet::new();
        for chunk in bulk::chunks(&ids) {
            let query = rows(sql.clone()).bind(self.tenant).bind(self.account);
            let query = query.bind(self.task).bind(chunk?);
            let found: Vec<(String, String, String)> =
                query.fetch_all(&mut *self.tx).await.during(DOING)?;
            late.extend(
                found
                    .iter()
                    .map(|(kind, region, id)| key_of(kind, region, id)),
            );
        }
        Ok(late)
    }

    /// Stores what the batch says of images.
    pub(super) async fn write_images(
        &mut self,
        intake: &Intake<'_>,
        assets: &Assets<'_>,
    ) -> Result<(), StoreError> {
        let taken = intake.images.iter().filter_map(|image| {
            let slot = assets.at(image.row.asset)?;
            Some((slot.no, image.list(slot.no)))
        });
        // The same image twice is one, with the words of the later one.
        let taken: BTreeMap<i64, Vec<Value<'_>>> = taken.collect();
        let taken: Vec<Vec<Value<'_>>> = taken.into_values().collect();
        let sql = self.upsert();
        for chunk in bulk::chunks(&taken) {
            let query = command(sql.clone()).bind(self.tenant).bind(self.task);
            let query = query.bind(self.now).bind(chunk?);
            query.execute(&mut *self.tx).await.during(DOING)?;
        }
        Ok(())
    }

    fn upsert(&self) -> String {
        let mut columns = vec![
            Int("asset_no"),
            Int("size"),
            Int("created_ms"),
            Int("layers"),
            Text("sort_name"),
        ];
        columns.extend(TEXTS.map(Text));
        let names: Vec<&str> = ["size", "created_ms", "layers", "sort_name"]
            .into_iter()
            .chain(TEXTS)
            .collect();
        let given: Vec<String> = names.iter().map(|name| format!("v.{name}")).collect();
        let set: Vec<String> = names
            .iter()
            .map(|name| format!("{name} = excluded.{name}"))
            .collect();
        format!(
            "INSERT INTO image (tenant_no, task_id, first_ms, asset_no, uuid, {}) \
             SELECT $1, $2, $3, v.asset_no, a.id, {} FROM {} AS v CROSS JOIN asset a \
             WHERE a.tenant_no = $1 AND a.asset_no = v.asset_no \
             ON CONFLICT (tenant_no, asset_no) DO UPDATE SET task_id = excluded.task_id, {}",
            names.join(", "),
            given.join(", "),
            self.dialect.rows(4, &columns),
            set.join(", "),
        )
    }

    /// Keeps which items failed once, by the changes of statuses that the commit made.
    pub(super) async fn write_items(&mut self, intake: &Intake<'_>) -> Result<(), StoreError> {
        if intake.provider != Provider::Image {
            return Ok(());
        }
        let [fail, unknown] = [ResultStatus::Fail, ResultStatus::Unknown].map(ResultStatus::code);
        let (mut failed, mut unread, mut passed) = (Vec::new(), Vec::new(), Vec::new());
        for (check, asset, _, to) in &self.history {
            match *to {
                Some(to) if to == fail => failed.push((*check, *asset)),
                Some(to) if to == unknown => unread.push((*check, *asset)),
                _ => passed.push((*check, *asset)),
            }
        }
        let sql = format!(
            "INSERT INTO image_item (tenant_no, check_id, asset_no, state, first_ms, last_ms) \
             SELECT $1, v.check_id, v.asset_no, 1, $2, $2 FROM {} AS v WHERE TRUE \
             ON CONFLICT (tenant_no, check_id, asset_no) DO UPDATE SET state = 1, last_ms = $2",
            self.dialect.rows(3, &[Int("check_id"), Int("asset_no")])
        );
        self.write_pairs(&sql, &failed).await?;
        self.write_pairs(&self.step("2", "state = 1"), &unread)
            .await?;
        self.write_pairs(&self.step("0", "state <> 0"), &passed)
            .await
    }

    /// Moves items that failed once to another state.
    fn step(&self, state: &str, which: &str) -> String {
        format!(
            "UPDATE image_item SET state = {state}, last_ms = $2 WHERE tenant_no = $1 AND {which} \
             AND (check_id, asset_no) IN (SELECT v.check_id, v.asset_no FROM {} AS v)",
            self.dialect.rows(3, &[Int("check_id"), Int("asset_no")])
        )
    }

    async fn write_pairs(&mut self, sql: &str, pairs: &[(i64, i64)]) -> Result<(), StoreError> {
        for chunk in bulk::chunks(pairs) {
            let query = command(sql.to_owned()).bind(self.tenant).bind(self.now);
            let query = query.bind(chunk?).execute(&mut *self.tx);
            query.await.during(DOING)?;
        }
        Ok(())
    }
}
