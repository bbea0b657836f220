//! What the image operations ask and answer.

use stance_model::view::{BaselineView, ResultReason};
use stance_model::{Findings, Lang, RiskLevel, Text};

/// `ScanRange`: images and containers are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScanRange {
    /// Images, and root file systems.
    Image,
    /// Containers.
    Container,
}

impl ScanRange {
    /// The range of a word on the wire.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        match word {
            "image" => Some(Self::Image),
            "container" => Some(Self::Container),
            _ => None,
        }
    }

    /// The kinds of assets in some ranges, as the store calls them; empty: all.
    pub(super) fn kinds(ranges: &[Self]) -> Vec<String> {
        let words: &[&str] = match (
            ranges.contains(&Self::Image),
            ranges.contains(&Self::Container),
        ) {
            (true, false) => &["image", "rootfs"],
            (false, true) => &["container"],
            _ => &[],
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }
}

/// What a search condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CriteriaType {
    /// The name of a baseline.
    Name,
    /// The class of a baseline.
    Class,
}

/// A search condition: part of a key or of a title in `lang`, whatever its case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criteria {
    /// What is looked at; none: name and class.
    pub by: Option<CriteriaType>,
    /// The text.
    pub text: String,
    /// The language of the titles.
    pub lang: Lang,
}

/// Which baselines. Empty and `None` filter nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BaselineQuery {
    /// Only baselines whose level is one of these.
    pub risk_levels: Vec<RiskLevel>,
    /// Only baselines that it finds.
    pub criteria: Option<Criteria>,
    /// Only images of these ranges.
    pub ranges: Vec<ScanRange>,
}

/// What one baseline found in one image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineResult {
    /// The baseline.
    pub baseline: BaselineView,
    /// Whether nothing fails that failed once.
    pub fixed: bool,
    /// The worst level among the items that fail; among those that did, where it is fixed.
    pub level: RiskLevel,
    /// How many items were checked.
    pub items: u64,
    /// How many items of high, medium and low level fail.
    pub failing: Levels,
    /// When it was first checked, in milliseconds since 1970.
    pub first_ms: i64,
    /// When it was last checked, in milliseconds since 1970.
    pub last_ms: i64,
}

/// Numbers by level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Levels {
    /// High.
    pub high: u64,
    /// Medium.
    pub medium: u64,
    /// Low.
    pub low: u64,
}

impl Levels {
    /// Counts one more.
    pub(super) fn add(&mut self, level: RiskLevel) {
        match level {
            RiskLevel::High => self.high += 1,
            RiskLevel::Medium => self.medium += 1,
            RiskLevel::Low => self.low += 1,
        }
    }

    /// All of them.
    #[must_use]
    pub fn total(self) -> u64 {
        self.high + self.medium + self.low
    }
}

/// What one baseline found over all images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineSummary {
    /// The baseline.
    pub baseline: BaselineView,
    /// Whether nothing fails that failed once, in any image.
    pub fixed: bool,
    /// The worst level among the items that fail; among those that did, where it is fixed.
    pub level: RiskLevel,
    /// How many images fail it, each under the worst level of its failing items.
    pub images: Levels,
    /// When it was first checked, in milliseconds since 1970.
    pub first_ms: i64,
    /// When it was last checked, in milliseconds since 1970.
    pub last_ms: i64,
}

/// Which images fail a baseline. `None` filters nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageQuery {
    /// The key of the baseline's name.
    pub baseline_name: String,
    /// Only if it finds the baseline.
    pub criteria: Option<Criteria>,
    /// Only images of these ranges.
    pub ranges: Vec<ScanRange>,
    /// Only images whose name, repository or tag contains it.
    pub image: Option<String>,
    /// Only this digest.
    pub digest: Option<String>,
    /// Only this registry, by its host.
    pub registry: Option<String>,
    /// Only repositories of this namespace.
    pub repo_namespace: Option<String>,
    /// Only repositories of this name.
    pub repo_name: Option<String>,
    /// Only this container.
    pub container_id: Option<String>,
}

/// An image as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageView {
    /// `ImageUuid`.
    pub uuid: String,
    /// The reference as people write it.
    pub name: String,
    /// The registry's host; empty for what comes from none.
    pub registry: String,
    /// The part of the repository's name before its last `/`.
    pub repo_namespace: String,
    /// The last part of the repository's name.
    pub repo_name: String,
    /// The tag.
    pub tag: String,
    /// The digest of the manifest.
    pub digest: String,
    /// The digest of the configuration.
    pub image_id: String,
    /// The sum of the sizes of its layers, bytes.
    pub size: i64,
    /// When it was built, in milliseconds since 1970.
    pub created_ms: Option<i64>,
    /// The container's id; empty for others.
    pub container_id: String,
    /// The container's name; empty for others.
    pub container_name: String,
    /// When it was first scanned, in milliseconds since 1970.
    pub first_ms: i64,
    /// When it was last scanned, in milliseconds since 1970.
    pub last_ms: i64,
}

impl ImageView {
    /// The repository with its registry, such as `127.0.0.1:5000/shop/web`: what tells it from all others. Empty where
    /// it has no name.
    #[must_use]
    pub fn repository(&self) -> String {
        let parts = [&self.registry, &self.repo_namespace, &self.repo_name];
        let parts: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        if self.repo_name.is_empty() {
            String::new()
        } else {
            parts.join("/")
        }
    }
}

/// An image that fails a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailingImage {
    /// The image.
    pub image: ImageView,
    /// How many items of the baseline fail in it.
    pub failing: Levels,
    /// How many items of the baseline pass in it.
    pub passing: u64,
}

/// Which items of images. Empty and `None` filter nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemQuery {
    /// The images.
    pub uuids: Vec<String>,
    /// Only items of this class.
    pub class: Option<String>,
    /// Only items of baselines with this name.
    pub name: Option<String>,
    /// Only items that are fixed (`true`) or not.
    pub fixed: Option<bool>,
    /// Only images of these ranges.
    pub ranges: Vec<ScanRange>,
}

/// An item that fails or failed in one of the images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemView {
    /// Its baseline.
    pub baseline: BaselineView,
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: Text,
    /// Whether it fails in none of them any more.
    pub fixed: bool,
    /// Whether exceptions cover it in all images where it fails or failed.
    pub whitelisted: bool,
}

/// One item with what it found in one image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemDetail {
    /// Its baseline.
    pub baseline: BaselineView,
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: Text,
    /// What it checks, and what a failure means.
    pub description: Text,
    /// What to do about a failure.
    pub solution: Text,
    /// How bad a failure is.
    pub level: RiskLevel,
    /// The number of the result; none: no such image was checked for it.
    pub result_id: Option<i64>,
    /// Where it was found.
    pub findings: Findings,
    /// Why there is no verdict.
    pub reason: Option<ResultReason>,
}

/// A class of the catalogue of baselines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassView {
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: Text,
    /// Its baselines.
    pub names: Vec<NameView>,
}

/// A baseline of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameView {
    /// Its key, unique in its class.
    pub key: String,
    /// Its title.
    pub title: Text,
    /// The keys and titles of its items.
    pub items: Vec<(String, Text)>,
}
