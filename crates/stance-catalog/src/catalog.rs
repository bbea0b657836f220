//! The catalogue: checks, standards and asset types, indexed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use stance_engine::Types;
use stance_model::operation::ProviderCalls;
use stance_model::secret::SecretRule;
use stance_model::view::PolicyView;
use stance_model::{AssetType, CheckId, Provider};

use crate::baseline::{BaselineClass, group};
use crate::check::Check;
use crate::load::{Examples, Parts, load_beside, load_catalogue};
use crate::operation::AssetTypeInfo;
use crate::problem::LintReport;
use crate::read::Origin;
use crate::source::Tree;
use crate::standard::{Requirement, Section, Standard};

/// All checks, standards and asset types. Does not change once loaded.
#[derive(Debug)]
pub struct Catalog {
    parts: Parts,
    by_id: BTreeMap<CheckId, usize>,
    by_key: BTreeMap<String, usize>,
    by_type: BTreeMap<AssetType, Vec<Arc<Check>>>,
    policies: BTreeMap<CheckId, Vec<PolicyView>>,
    baselines: Vec<BaselineClass>,
}

impl Catalog {
    /// The catalogue that the program carries.
    ///
    /// # Errors
    /// Every problem of it; there is none in a program that passed its tests.
    pub fn builtin() -> Result<Self, LintReport> {
        let (parts, report) = load_catalogue(&Tree::embedded(), Examples::Read);
        if report.is_clean() {
            Ok(Self::index(parts))
        } else {
            Err(report)
        }
    }

    /// The catalogue that the program carries and the checks of users' own directories, whose ids are 900000 to
    /// 999999.
    ///
    /// # Errors
    /// Every problem of every file, such as an id or a key that is taken.
    pub fn with_custom(dirs: &[PathBuf]) -> Result<Self, LintReport> {
        let (mut parts, report) = load_catalogue(&Tree::embedded(), Examples::Read);
        if !report.is_clean() {
            return Err(report);
        }
        let mut tree = Tree::default();
        for dir in dirs {
            let own = Tree::read_checks(dir);
            tree.checks.extend(own.checks);
            tree.problems.extend(own.problems);
        }
        let (checks, report) = load_beside(&tree, Origin::Custom, &parts, Examples::Read);
        if !report.is_clean() {
            return Err(report);
        }
        parts.checks.extend(checks);
        parts.checks.sort_by_key(|check| check.id);
        Ok(Self::index(parts))
    }

    fn index(parts: Parts) -> Self {
        let mut by_type: BTreeMap<AssetType, Vec<Arc<Check>>> = BTreeMap::new();
        for check in &parts.checks {
            for asset_type in judged(check) {
                by_type
                    .entry(asset_type)
                    .or_default()
                    .push(Arc::clone(check));
            }
        }
        let numbered = || parts.checks.iter().enumerate();
        Self {
            by_id: numbered().map(|(index, check)| (check.id, index)).collect(),
            by_key: numbered()
                .map(|(index, check)| (check.key.clone(), index))
                .collect(),
            by_type,
            policies: policies(&parts.standards),
            baselines: group(&parts.classes, &parts.checks),
            parts,
        }
    }

    /// All checks, by id.
    #[must_use]
    pub fn checks(&self) -> &[Arc<Check>] {
        &self.parts.checks
    }

    /// The check of that number.
    #[must_use]
    pub fn get(&self, id: CheckId) -> Option<&Arc<Check>> {
        self.by_id
            .get(&id)
            .and_then(|index| self.parts.checks.get(*index))
    }

    /// The check of that key.
    #[must_use]
    pub fn by_key(&self, key: &str) -> Option<&Arc<Check>> {
        self.by_key
            .get(key)
            .and_then(|index| self.parts.checks.get(*index))
    }

    /// The baselines that have items, by class and name, each with its items by id.
    #[must_use]
    pub fn baselines(&self) -> &[BaselineClass] {
        &self.baselines
    }

    /// How the items find their secrets, by id.
    #[must_use]
    pub fn secret_rules(&self) -> Vec<SecretRule> {
        let checks = self.parts.checks.iter();
        checks.filter_map(|check| check.secret.clone()).collect()
    }

    /// The checks that judge assets of a type, by id; for images and containers the items that target them too.
    #[must_use]
    pub fn for_type(&self, asset_type: &AssetType) -> &[Arc<Check>] {
        self.by_type.get(asset_type).map_or(&[], Vec::as_slice)
    }

    /// Where standards name a check: standards by number, each in the order of its file.
    #[must_use]
    pub fn policies(&self, id: CheckId) -> &[PolicyView] {
        self.policies.get(&id).map_or(&[], Vec::as_slice)
    }

    /// All standards, by number.
    #[must_use]
    pub fn standards(&self) -> &[Standard] {
        &self.parts.standards
    }

    /// The schemas of the facts of all asset types.
    #[must_use]
    pub fn types(&self) -> &Types {
        &self.parts.types
    }

    /// What an asset type is.
    #[must_use]
    pub fn asset_type(&self, asset_type: &AssetType) -> Option<&AssetTypeInfo> {
        self.parts.infos.get(asset_type)?.as_ref()
    }

    /// How the accounts of a provider are found; none: it has no live accounts.
    #[must_use]
    pub fn provider_calls(&self, provider: Provider) -> Option<&ProviderCalls> {
        self.parts
            .providers
            .iter()
            .find(|calls| calls.provider == provider)
    }

    /// All asset types, by name.
    pub fn asset_types(&self) -> impl Iterator<Item = &AssetTypeInfo> {
        self.parts.infos.values().flatten()
    }
}

/// The types of the assets that a check judges.
fn judged(check: &Check) -> Vec<AssetType> {
    if check.baseline.is_none() {
        return vec![check.asset_type.clone()];
    }
    let types = check.targets.iter().map(|target| target.asset_type());
    types.filter_map(|text| text.parse().ok()).collect()
}

fn policies(standards: &[Standard]) -> BTreeMap<CheckId, Vec<PolicyView>> {
    let mut policies: BTreeMap<CheckId, Vec<PolicyView>> = BTreeMap::new();
    for standard in standards {
        for requirement in &standard.requirements {
            for section in &requirement.sections {
                for check in &section.checks {
                    policies.entry(*check).or_default().push(policy(
                        standard,
                        requirement,
                        section,
                    ));
                }
            }
        }
    }
    policies
}

fn policy(standard: &Standard, requirement: &Requirement, section: &Section) -> PolicyView {
    PolicyView {
        standard_id: standard.id,
        standard: standard.title.clone(),
        standard_type: standard.standard_type,
        requirement_id: requirement.id,
        requirement: requirement.title.clone(),
        section_id: section.id,
        section: section.title.clone(),
    }
}
