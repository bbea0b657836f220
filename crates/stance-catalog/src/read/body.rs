//! What a check file holds besides its id and key.

use std::sync::Arc;

use stance_model::view::LegacyItem;
use stance_model::{AssetType, CheckId, RiskLevel, Text};

use crate::baseline::{Baseline, Target};
use crate::check::{Check, Remediation};
use crate::example::Example;
use crate::operation::AssetTypeInfo;
use crate::yaml::Node;

use super::check::{Kind, Origin, World, key_prefix};
use super::example::{ExampleEntry, Setting, read_examples};
use super::fields::Fields;
use super::item::{read_baseline, read_references, read_targets};
use super::parameter::read_parameters;
use super::rule::{Derived, check_places, read_rule};
use super::scalar::{int, one_of, parsed, string};
use super::secret::read_secret;
use super::sink::Sink;
use super::text::{link, prose, title};

/// `AssetType` of the table of `DescribeRiskCheckResult`.
const LEGACY_ASSET_TYPES: [&str; 17] = [
    "ActionTrail",
    "CDN",
    "CR",
    "CloudMonitor",
    "DDoS",
    "ECS",
    "MongoDB",
    "OSS",
    "PolarDB",
    "PostgreSQL",
    "RAM",
    "RDS",
    "Redis",
    "SLB",
    "SSL",
    "VPC",
    "WAF",
];

/// The fields of a check file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Body<'n, 't, 'w> {
    pub(crate) fields: Fields<'n, 't>,
    pub(crate) origin: Origin,
    pub(crate) kind: Kind,
    pub(crate) world: World<'w>,
    /// Whether what takes long is looked at too.
    pub(crate) strict: bool,
}

/// What people read.
struct Texts {
    title: Text,
    description: Text,
    risk: Text,
    solution: Text,
    help: Text,
}

/// What it costs and whether we can repair it.
struct Terms {
    remediation: Option<Remediation>,
    repair_supported: bool,
    free: bool,
}

impl Body<'_, '_, '_> {
    /// Reads the examples.
    pub(crate) fn examples(&self, sink: &mut Sink<'_>) -> Vec<ExampleEntry> {
        let own = match self.kind {
            Kind::Check => self.fields.node("asset_type").and_then(Node::as_str),
            Kind::Item => Some(Target::Image.asset_type()),
        };
        let asset_type = own.and_then(|text| text.parse().ok());
        let setting = Setting {
            own: asset_type.as_ref(),
            world: self.world,
        };
        self.fields
            .optional("examples", sink, |node, sink| {
                read_examples(node, &setting, sink)
            })
            .unwrap_or_default()
    }

    /// Reads the rest and compiles it. `name` is the id and the key.
    pub(crate) fn read(
        &self,
        name: Option<(CheckId, &str)>,
        examples: Vec<Example>,
        sink: &mut Sink<'_>,
    ) -> Option<Check> {
        let info = match self.kind {
            Kind::Check => {
                let fields = &self.fields;
                fields.required("asset_type", sink, |node, sink| self.info(node, name, sink))
            }
            Kind::Item => self.item_info(sink),
        };
        let item = (self.kind == Kind::Item).then(|| self.item(sink));
        let risk_level = self.fields.required("risk_level", sink, risk_level);
        let legacy = self
            .fields
            .optional("legacy", sink, |node, sink| self.legacy(node, sink));
        let texts = self.texts(sink);
        let terms = self.terms(sink);
        let parameters = self
            .fields
            .optional("parameters", sink, read_parameters)
            .unwrap_or_default();
        let secret = name.and_then(|name| {
            let strict = self.strict || self.origin == Origin::Custom;
            self.fields.optional("secret", sink, |node, sink| {
                read_secret(node, name, strict, sink)
            })
        });
        let derived = self.fields.node("secret");
        let derived = derived.map(|node| Derived::of(node, name.map_or("", |(_, key)| key)));
        let asset_type = info.map(|info| &info.asset_type);
        let rule = read_rule(
            &self.fields,
            derived,
            asset_type,
            &parameters,
            self.world.types,
            sink,
        );
        if let (Kind::Item, Some(rule)) = (self.kind, &rule) {
            check_places(&self.fields, rule, sink);
        }
        let ((id, key), info, texts, rule) = (name?, info?, texts?, rule?);
        let (baseline, targets) = match item {
            Some((baseline, targets)) => (Some(baseline?), targets),
            None => (None, Vec::new()),
        };
        Some(Check {
            id,
            key: key.to_owned(),
            provider: info.provider(),
            asset_type: info.asset_type.clone(),
            instance_type: info.instance_type.clone(),
            instance_sub_type: info.instance_sub_type.clone(),
            asset_type_number: info.asset_type_number,
            console: info.console.clone(),
            risk_level: risk_level?,
            legacy,
            title: texts.title,
            description: texts.description,
            risk: texts.risk,
            solution: texts.solution,
            help: texts.help,
            remediation: terms.remediation,
            repair_supported: terms.repair_supported,
            free: terms.free,
            parameters,
            message: rule.message,
            evidence: rule.evidence,
            examples,
            baseline,
            targets,
            references: read_references(&self.fields, sink),
            secret,
            custom: self.origin == Origin::Custom,
            path: sink.source().path.clone(),
            source: Arc::new(rule.source),
            rule: Arc::new(rule.rule),
        })
    }

    fn texts(&self, sink: &mut Sink<'_>) -> Option<Texts> {
        let title = self.fields.required("title", sink, title);
        let description = self.fields.required("description", sink, prose);
        let risk = self.fields.required("risk", sink, prose);
        let solution = self.fields.required("solution", sink, prose);
        let help = match (self.origin, self.kind) {
            (Origin::Builtin, Kind::Check) => self.fields.required("help", sink, link),
            _ => Some(self.fields.optional("help", sink, link).unwrap_or_default()),
        };
        let (title, description, risk) = (title?, description?, risk?);
        Some(Texts {
            title,
            description,
            risk,
            solution: solution?,
            help: help?,
        })
    }

    fn terms(&self, sink: &mut Sink<'_>) -> Terms {
        let repair = [("supported", true), ("not_supported", false)];
        let sale = [("free", true), ("paid", false)];
        let mut word = |name, words: &[(&str, bool)]| {
            self.fields
                .optional(name, sink, |node, sink| one_of(node, sink, words))
        };
        let repair_supported = word("repair", &repair).unwrap_or(false);
        let free = word("sale", &sale).unwrap_or(true);
        Terms {
            remediation: self.fields.optional("remediation", sink, remediation),
            repair_supported,
            free,
        }
    }

    /// The asset type of all items: containers have the same facts.
    fn item_info(&self, sink: &mut Sink<'_>) -> Option<&AssetTypeInfo> {
        let asset_type = Target::Image.asset_type().parse().ok()?;
        self.world.info(&asset_type, self.fields.span(), sink)
    }

    fn item(&self, sink: &mut Sink<'_>) -> (Option<Baseline>, Vec<Target>) {
        let baseline = read_baseline(&self.fields, self.origin, self.world.classes, sink);
        (baseline, read_targets(&self.fields, sink))
    }

    fn info(
        &self,
        node: &Node<'_>,
        name: Option<(CheckId, &str)>,
        sink: &mut Sink<'_>,
    ) -> Option<&AssetTypeInfo> {
        let asset_type = parsed::<AssetType>(node, sink)?;
        if let Some((_, key)) = name {
            self.check_prefix(node, &asset_type, key, sink);
        }
        self.world.info(&asset_type, node.span, sink)
    }

    /// The first word of the key names the provider; a user may take another word than those of the providers.
    fn check_prefix(
        &self,
        node: &Node<'_>,
        asset_type: &AssetType,
        key: &str,
        sink: &mut Sink<'_>,
    ) {
        let given = key.split('.').next().unwrap_or_default();
        let wanted = key_prefix(asset_type.provider());
        let known = stance_model::Provider::ALL
            .into_iter()
            .any(|provider| key_prefix(provider) == given);
        if given != wanted && (known || self.origin == Origin::Builtin) {
            let help = format!(
                "keys of checks of {} begin with `{wanted}.`",
                asset_type.provider()
            );
            sink.report_with(
                node.span,
                format!("`{asset_type}` does not go with the key `{key}`"),
                help,
            );
        }
    }

    fn legacy(&self, node: &Node<'_>, sink: &mut Sink<'_>) -> Option<LegacyItem> {
        if self.origin == Origin::Custom {
            sink.report(
                node.span,
                "only the catalogue's own checks have a row in the legacy table",
            );
        }
        let fields = Fields::open(node, "a legacy row", &["group", "asset_type"], sink)?;
        let group = fields.required("group", sink, |node, sink| {
            let group = int(node, sink)?;
            if !(1..=6).contains(&group) {
                sink.report(node.span, format!("group {group} is not one of 1 to 6"));
            }
            Some(group)
        });
        let asset_type = fields.required("asset_type", sink, |node, sink| {
            one_of(node, sink, &LEGACY_ASSET_TYPES.map(|name| (name, name)))
        });
        Some(LegacyItem {
            group: group?,
            asset_type: asset_type?.to_owned(),
        })
    }
}

fn risk_level(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<RiskLevel> {
    let levels = [RiskLevel::High, RiskLevel::Medium, RiskLevel::Low];
    one_of(node, sink, &levels.map(|level| (level.key(), level)))
}

fn remediation(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Remediation> {
    let fields = Fields::open(node, "a remediation", &["cli", "terraform"], sink)?;
    let cli = fields.optional("cli", sink, string);
    let terraform = fields.optional("terraform", sink, string);
    if cli.is_none() && terraform.is_none() {
        sink.report(node.span, "a remediation has `cli`, `terraform` or both");
    }
    Some(Remediation { cli, terraform })
}
