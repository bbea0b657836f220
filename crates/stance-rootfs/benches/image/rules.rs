//! The rules of the catalogue, read with no more than serde.

use std::path::Path;

use serde::Deserialize;
use stance_model::CheckId;
use stance_model::bounded::read_text;
use stance_model::secret::{SecretForm, SecretRule};

#[derive(Deserialize)]
struct Item {
    id: i64,
    key: String,
    secret: Secret,
}

#[derive(Deserialize)]
struct Secret {
    forms: Vec<SecretForm>,
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    skip: Vec<String>,
}

/// All of them.
pub(crate) fn all() -> Result<Vec<SecretRule>, Box<dyn std::error::Error>> {
    let class = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/baselines/ak_leak");
    let mut rules = Vec::new();
    for name in std::fs::read_dir(class)? {
        for file in std::fs::read_dir(name?.path())? {
            let item: Item = serde_saphyr::from_str(&read_text(&file?.path(), 1 << 20)?)?;
            rules.push(SecretRule {
                check_id: CheckId::new(item.id)?,
                key: item.key,
                forms: item.secret.forms,
                allow: item.secret.allow,
                skip: item.secret.skip,
            });
        }
    }
    Ok(rules)
}
