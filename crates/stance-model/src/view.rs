//! Answers of the service: what façades, reports and the command line show.

use serde::Serialize;

use crate::ids::{AssetType, CheckId};
use crate::provider::Provider;
use crate::reason::Reason;
use crate::risk::RiskLevel;
use crate::standard::StandardType;
use crate::status::CheckStatus;
use crate::text::{Lang, Text};

/// One check with what is known of it, a row of `ListCheckResult`.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckView {
    /// The number.
    pub id: CheckId,
    /// The key, such as `ali.rds.whitelist_open`.
    pub key: String,
    /// The provider.
    pub provider: Provider,
    /// The asset type it judges.
    pub asset_type: AssetType,
    /// `InstanceType` of the API.
    pub instance_type: String,
    /// `InstanceSubType` of the API.
    pub instance_sub_type: String,
    /// `AssetType` of the API: 0 ECS, 1 SLB, 2 NAT gateway, 3 RDS, 4 MongoDB, 5 Redis; -1 where the reference
    /// gives no number.
    pub asset_type_number: i64,
    /// How bad a failure is.
    pub risk_level: RiskLevel,
    /// The name.
    pub title: Text,
    /// What it checks.
    pub description: Text,
    /// What a failure means.
    pub risk: Text,
    /// What to do about a failure.
    pub solution: Text,
    /// Where to read more.
    pub help: Text,
    /// Whether it has parameters.
    pub has_parameters: bool,
    /// Whether a repair is supported.
    pub repair_supported: bool,
    /// Whether it is free.
    pub free: bool,
    /// Whether it comes from the user's own directory.
    pub custom: bool,
    /// The row of the legacy table of `DescribeRiskCheckResult`, where it is one of the 45.
    pub legacy: Option<LegacyItem>,
    /// Where standards name it.
    pub policies: Vec<PolicyView>,
    /// The evidence that its results carry, in order.
    pub evidence: Vec<EvidenceColumn>,
    /// The console page of an asset, with `{id}`, `{region}`, `{account}`, `{name}`; none: no link.
    pub console: Option<String>,
    /// Its own status.
    pub status: CheckStatus,
    /// Why it could not be checked, or not wholly.
    pub reason: Option<Reason>,
    /// The task that last touched it.
    pub task_id: Option<i64>,
    /// When it was last checked, in milliseconds since 1970.
    pub last_ms: Option<i64>,
    /// How its results fall.
    pub counts: Counts,
}

/// How the results of a check fall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Results that pass.
    pub pass: i64,
    /// Results that fail and no exception covers.
    pub fail: i64,
    /// Results that fail and an exception covers.
    pub excepted: i64,
    /// Results of assets that the check says nothing about.
    pub not_applicable: i64,
    /// Results that could not be decided.
    pub unknown: i64,
}

impl Counts {
    /// All results.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.pass + self.fail + self.excepted + self.not_applicable + self.unknown
    }

    /// Adds another's numbers.
    pub fn add(&mut self, other: &Self) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.excepted += other.excepted;
        self.not_applicable += other.not_applicable;
        self.unknown += other.unknown;
    }
}

/// A row of the legacy table of `DescribeRiskCheckResult`; its number is the check's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LegacyItem {
    /// `GroupId`, 1 to 6.
    pub group: i64,
    /// `AssetType` of the table, such as `RDS`.
    pub asset_type: String,
}

/// Where a standard names a check; `CheckPolicies` on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyView {
    /// The standard's number.
    pub standard_id: i64,
    /// Its name.
    pub standard: Text,
    /// Its type.
    pub standard_type: StandardType,
    /// The requirement's number, unique over all standards.
    pub requirement_id: i64,
    /// Its name.
    pub requirement: Text,
    /// The section's number, unique over all standards.
    pub section_id: i64,
    /// Its name.
    pub section: Text,
}

/// A named value that the results of a check carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceColumn {
    /// The name, unique in the check.
    pub name: String,
    /// What people read.
    pub title: Text,
}

/// One check result, for `ListCheckInstanceResult`, reports and the command line.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultView {
    /// Its stable number, below 2⁵³.
    pub id: i64,
    /// The check's key.
    pub check: String,
    /// The check's number.
    pub check_id: CheckId,
    /// The provider.
    pub provider: Provider,
    /// The account.
    pub account: String,
    /// The account's name; the account where it has none.
    pub account_name: String,
    /// The region.
    pub region: String,
    /// The asset's type.
    pub asset_type: AssetType,
    /// The asset's id.
    pub asset_id: String,
    /// The asset's name.
    pub asset_name: String,
    /// The check's risk level.
    pub risk_level: RiskLevel,
    /// The check's name.
    pub title: Text,
    /// The baseline that the check is an item of; none: a check of cloud configuration.
    pub baseline: Option<BaselineView>,
    /// What to do about a failure.
    pub solution: Text,
    /// Where to read more.
    pub help: Text,
    /// What is shown.
    pub status: CheckStatus,
    /// Why there is no verdict; why it was excepted.
    pub reason: Option<ResultReason>,
    /// What decided it.
    pub evidence: EvidenceView,
    /// When the pair was first checked, in milliseconds since 1970.
    pub first_ms: i64,
    /// When it was last checked, in milliseconds since 1970.
    pub last_ms: i64,
    /// The file that declares the asset, where one does.
    pub file: Option<String>,
    /// The line in that file, from 1.
    pub line: Option<u32>,
}

/// Why a result has no verdict, or is excepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResultReason {
    /// Something could not be read.
    Unread(Reason),
    /// The check says nothing about this asset.
    NotApplicable(Text),
    /// A person accepted it.
    Excepted(String),
}

impl ResultReason {
    /// The reason in words.
    #[must_use]
    pub fn show(&self, lang: Lang) -> String {
        match self {
            Self::Unread(reason) => reason.show(lang),
            Self::NotApplicable(text) => {
                format!(
                    "{}{}",
                    Text::pick(lang, "不适用：", "not applicable: "),
                    text.get(lang)
                )
            }
            Self::Excepted(text) => format!("{}{text}", Text::pick(lang, "已加白：", "excepted: ")),
        }
    }

    /// `StatusMessage` on the wire: the kind, then the words.
    #[must_use]
    pub fn wire(&self, lang: Lang) -> String {
        match self {
            Self::Unread(reason) => format!("{}: {}", reason.kind.wire(), reason.show(lang)),
            Self::NotApplicable(_) => format!("NOT_APPLICABLE: {}", self.show(lang)),
            Self::Excepted(_) => self.show(lang),
        }
    }
}

/// Evidence with the words of the check's file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EvidenceView {
    /// One sentence that says what decided the outcome; empty when there is nothing to say.
    pub summary: Text,
    /// The named values.
    pub items: Vec<EvidenceValue>,
    /// The facts and elements that decided it.
    pub facts: Vec<crate::evidence::FactLine>,
    /// The places, for an item of a baseline.
    pub findings: crate::finding::Findings,
}

/// One named value of the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceValue {
    /// The name in the check's file.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// The value.
    pub value: String,
}

/// A report: what was asked, and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// When it was made, RFC 3339.
    pub at: String,
    /// What was scanned: paths, or `store`.
    pub source: String,
    /// How the checks fall.
    pub summary: Summary,
    /// The results, worst first.
    pub results: Vec<ResultView>,
    /// What could not be read, or not wholly.
    pub coverage: Vec<crate::coverage::Coverage>,
    /// The checks that were asked, by which formats describe their rules.
    pub checks: Vec<CheckView>,
    /// The language of the texts.
    pub lang: Lang,
}

/// Numbers over a scan or a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// Assets seen.
    pub assets: u64,
    /// Accounts seen.
    pub accounts: u64,
    /// Checks that judged at least one asset.
    pub checks: u64,
    /// How results fall.
    pub counts: Counts,
    /// Failures not excepted, of checks with high risk.
    pub high: i64,
    /// Failures not excepted, of checks with medium risk.
    pub medium: i64,
    /// Failures not excepted, of checks with low risk.
    pub low: i64,
}

/// The baseline that an item belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineView {
    /// The key of the class, such as `ak_leak`.
    pub class: String,
    /// The key of the name, such as `token_leak`.
    pub name: String,
    /// The class as people read it.
    pub class_title: Text,
    /// The name as people read it.
    pub name_title: Text,
}
