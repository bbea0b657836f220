//! The items of the catalogue, read with no more than serde: the loader of the catalogue is another crate's concern.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;
use stance_model::CheckId;
use stance_model::secret::{SecretForm, SecretRule};
use stance_rootfs::{SecretHit, SecretScanner};

#[derive(Deserialize)]
pub(crate) struct Item {
    id: i64,
    pub(crate) key: String,
    secret: Secret,
    pub(crate) examples: Vec<Example>,
}

#[derive(Deserialize)]
struct Secret {
    forms: Vec<SecretForm>,
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    skip: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Example {
    pub(crate) name: String,
    pub(crate) outcome: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    image: Image,
}

#[derive(Deserialize, Default)]
struct Image {
    #[serde(default)]
    config: Config,
    #[serde(default)]
    history: Vec<Step>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
struct Config {
    #[serde(default)]
    env: Vec<String>,
}

#[derive(Deserialize)]
struct Step {
    created_by: String,
}

impl Example {
    /// What is scanned: path and content.
    pub(crate) fn contents(&self) -> Vec<(String, String)> {
        let files = self
            .files
            .iter()
            .map(|(path, text)| (path.clone(), text.clone()));
        let env = self.image.config.env.iter().filter_map(|line| {
            let (name, value) = line.split_once('=')?;
            Some((format!("config:Env/{name}"), value.to_owned()))
        });
        let history = self.image.history.iter().enumerate();
        let history = history.map(|(n, step)| (format!("history:{n}"), step.created_by.clone()));
        files.chain(env).chain(history).collect()
    }
}

/// All items with secrets.
pub(crate) static ITEMS: LazyLock<Vec<Item>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/baselines/ak_leak");
    let mut items = Vec::new();
    for name in ["ak_leak", "token_leak", "private_key", "password_leak"] {
        for entry in root.join(name).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let text = stance_model::bounded::read_text(&path, 1 << 20).unwrap();
            let item = serde_saphyr::from_str(&text);
            items.push(item.unwrap_or_else(|why| panic!("{}: {why}", path.display())));
        }
    }
    items.sort_by_key(|item: &Item| item.id);
    items
});

/// A scanner with all of them.
pub(crate) static SCANNER: LazyLock<SecretScanner> = LazyLock::new(|| {
    let rule = |item: &Item| SecretRule {
        check_id: CheckId::new(item.id).unwrap(),
        key: item.key.clone(),
        forms: item.secret.forms.clone(),
        allow: item.secret.allow.clone(),
        skip: item.secret.skip.clone(),
    };
    SecretScanner::new(ITEMS.iter().map(rule).collect()).unwrap()
});

/// The hits in one file that is fed at once.
pub(crate) fn hits(path: &str, content: &[u8]) -> Vec<SecretHit> {
    let mut hits = Vec::new();
    let mut stream = SCANNER.stream();
    stream.begin(path.as_bytes());
    stream.feed(content);
    stream.finish(&mut hits);
    hits
}

/// The keys of the rules that hit, each once.
pub(crate) fn found(path: &str, content: &[u8]) -> Vec<String> {
    let mut keys: Vec<String> = hits(path, content)
        .iter()
        .map(|hit| SCANNER.rules()[hit.rule].key.clone())
        .collect();
    keys.sort();
    keys.dedup();
    keys
}
