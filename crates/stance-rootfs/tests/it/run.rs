//! Scans what the tests make, and asks the result.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::Value;
use stance_model::secret::{SecretForm, SecretRule};
use stance_model::{Asset, CheckId, Reason};
use stance_rootfs::{
    ImageRef, LayerCache, Limits, Options, PasswordOptions, RegistryOptions, ScanError,
    SecretScanner, scan,
};

use crate::make::{Image, write};

/// What the tests' only rule finds: this and digits.
pub(crate) const MARK: &str = "stance-mark-";

/// A scan as the tests want it.
pub(crate) struct Scan {
    pub(crate) limits: Limits,
    pub(crate) verify_diff_ids: bool,
    pub(crate) platform: Option<String>,
    pub(crate) cache: LayerCache,
}

impl Default for Scan {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            verify_diff_ids: false,
            platform: None,
            cache: LayerCache::new(0),
        }
    }
}

pub(crate) fn scanner() -> SecretScanner {
    let form = serde_json::json!({
        "literals": [MARK], "pattern": format!("{MARK}(?P<value>[0-9a-z]+)"), "entropy": 0.0,
    });
    let form: SecretForm = serde_json::from_value(form).unwrap();
    let rule = SecretRule {
        check_id: CheckId::new(6001).unwrap(),
        key: "mark".into(),
        forms: vec![form],
        allow: vec![],
        skip: vec![],
    };
    SecretScanner::new(vec![rule]).unwrap()
}

impl Scan {
    pub(crate) fn reference(&self, reference: &ImageRef) -> Result<Found, ScanError> {
        let cancel = AtomicBool::new(false);
        let options = Options {
            limits: self.limits,
            verify_diff_ids: self.verify_diff_ids,
            platform: self.platform.clone(),
            scanner: Arc::new(scanner()),
            guesser: PasswordOptions::default(),
            registry: RegistryOptions::default(),
            cancel: &cancel,
            progress: &(),
        };
        scan(reference, &options, &self.cache).map(Found)
    }

    pub(crate) fn layout(&self, path: &Path) -> Result<Found, ScanError> {
        let path = path.to_owned();
        self.reference(&ImageRef::Layout { path, name: None })
    }

    pub(crate) fn archive(&self, bytes: &[u8]) -> Result<Found, ScanError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("image.tar");
        std::fs::write(&path, bytes).unwrap();
        self.reference(&ImageRef::Archive { path, name: None })
    }

    pub(crate) fn files(&self, files: &BTreeMap<String, Vec<u8>>) -> Result<Found, ScanError> {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), files);
        self.layout(folder.path())
    }

    pub(crate) fn image(&self, image: &Image) -> Found {
        self.files(&image.layout()).unwrap()
    }
}

/// Scans an image of these layers.
pub(crate) fn scan_layers(layers: &[Vec<u8>]) -> Found {
    Scan::default().image(&Image::of(layers))
}

/// What a scan found.
#[derive(Debug)]
pub(crate) struct Found(pub(crate) Asset);

impl Found {
    /// The places of set-id files: path and layer, by path.
    pub(crate) fn set_id(&self) -> BTreeMap<String, String> {
        self.rows("/files/setid")
    }

    pub(crate) fn rows(&self, pointer: &str) -> BTreeMap<String, String> {
        let rows = self.fact(pointer);
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| (text(&row["at"]["path"]), text(&row["at"]["layer"])))
            .collect()
    }

    pub(crate) fn fact(&self, pointer: &str) -> Value {
        let (name, _) = pointer[1..].split_once('/').unwrap_or((&pointer[1..], ""));
        assert!(
            !self.0.unknown.contains_key(name),
            "{:?}",
            self.0.unknown.get(name)
        );
        let facts = Value::Object(self.0.facts.clone());
        facts
            .pointer(pointer)
            .cloned()
            .unwrap_or_else(|| panic!("no {pointer}"))
    }

    /// The secrets: path, layer, whether the final tree shows them.
    pub(crate) fn secrets(&self) -> Vec<(String, String, bool)> {
        let found = self.fact("/secrets/findings");
        let found = found.as_array().unwrap().iter();
        found
            .map(|f| {
                let at = &f["at"];
                let visible = at["visible"].as_bool().unwrap();
                (text(&at["path"]), text(&at["layer"]), visible)
            })
            .collect()
    }

    pub(crate) fn secret_paths(&self) -> Vec<String> {
        self.secrets().into_iter().map(|(path, ..)| path).collect()
    }

    /// The names of accounts.
    pub(crate) fn accounts(&self) -> Vec<String> {
        let accounts = self.fact("/passwd/entries");
        let accounts = accounts.as_array().unwrap().iter();
        accounts.map(|account| text(&account["name"])).collect()
    }

    pub(crate) fn whole(&self) -> bool {
        self.0.facts["secrets"].get("whole").is_some()
    }

    /// Why the tree is not whole; it must not be.
    pub(crate) fn incomplete(&self) -> Reason {
        assert!(!self.whole(), "all was read");
        self.0.unknown["passwd"].clone()
    }

    pub(crate) fn odd(&self, name: &str) -> u64 {
        self.fact("/image/oddities")[name].as_u64().unwrap_or(0)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub(crate) fn mark(n: usize) -> String {
    format!("token = {MARK}8f3k{n}qz71\n")
}
