//! A snapshot of any size: the assets of the example estate, over and over, each time with another id and name.

use std::fmt;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::Value;
use stance_model::bounded;

/// The types, each as often as it stands here.
pub(crate) const TYPES: [&str; 12] = [
    "aliyun/rds/instance",
    "aliyun/oss/bucket",
    "aliyun/redis/instance",
    "aliyun/rds/instance",
    "aliyun/ecs/instance",
    "aliyun/oss/bucket",
    "aliyun/polardb/cluster",
    "aliyun/ecs/disk",
    "aliyun/mongodb/instance",
    "aliyun/slb/load_balancer",
    "aliyun/ecs/disk",
    "aws/ec2/security_group",
];

/// This many assets of a type follow one another, as a collector pages through one list after the other.
const RUN: usize = 64;

/// What was made.
pub(crate) struct Made {
    assets: usize,
    bytes: u64,
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = self.bytes / (self.assets as u64).max(1);
        write!(
            f,
            "{} assets, {} MB, {each} bytes each",
            self.assets,
            self.bytes / 1_000_000
        )
    }
}

/// The assets of one type in the example estate.
struct Templates {
    documents: Vec<String>,
}

/// Writes the snapshot.
pub(crate) fn write(path: &Path, assets: usize) -> Result<Made, Box<dyn std::error::Error>> {
    let templates = templates()?;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(
        out,
        r#"{{"snapshot":{{"format":1,"at":"2026-06-01T00:00:00Z","producer":"bench"}}}}"#
    )?;
    let mut bytes = 0;
    for number in 0..assets {
        let line = line(&templates, number);
        bytes += line.len() as u64;
        out.write_all(line.as_bytes())?;
    }
    writeln!(out, r#"{{"end":{{"assets":{assets},"coverage":0}}}}"#)?;
    out.flush()?;
    Ok(Made { assets, bytes })
}

fn line(templates: &[Templates], number: usize) -> String {
    let of_type = templates
        .get(number / RUN % TYPES.len())
        .map_or(&[][..], |t| &t.documents);
    let document = of_type.get(number % of_type.len().max(1));
    document
        .map(|text| text.replace(NUMBER, &format!("{number:07}")))
        .unwrap_or_default()
}

/// Stands where each asset gets its number.
const NUMBER: &str = "#number";

fn templates() -> Result<Vec<Templates>, Box<dyn std::error::Error>> {
    let estate = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/estate/estate.jsonl");
    let text = bounded::read_text(&estate, 16 << 20)?;
    let mut documents = Vec::new();
    for line in text.lines() {
        let record: Value = serde_json::from_str(line)?;
        documents.extend(record.get("asset").cloned());
    }
    Ok(TYPES
        .map(|wanted| Templates {
            documents: of_type(&documents, wanted),
        })
        .into())
}

fn of_type(documents: &[Value], wanted: &str) -> Vec<String> {
    let fits = |asset: &&Value| asset.get("type").and_then(Value::as_str) == Some(wanted);
    documents.iter().filter(fits).map(template).collect()
}

fn template(asset: &Value) -> String {
    let mut asset = asset.clone();
    for key in ["id", "name"] {
        if let Some(value) = asset.get_mut(key) {
            *value = format!("{}-{NUMBER}", value.as_str().unwrap_or_default()).into();
        }
    }
    format!("{}\n", serde_json::json!({ "asset": asset }))
}
