//! Checks.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use stance_engine::{Param, Rule, RuleSource, Types};
use stance_model::secret::SecretRule;
use stance_model::view::{EvidenceColumn, LegacyItem};
use stance_model::{AssetType, CheckId, Provider, RiskLevel, Text};

use crate::baseline::{Baseline, Target};
use crate::example::Example;
use crate::parameter::Parameter;

/// One rule of the catalogue with its texts, compiled.
#[derive(Debug, Clone)]
pub struct Check {
    /// The stable number.
    pub id: CheckId,
    /// The key, such as `ali.rds.whitelist_open`.
    pub key: String,
    /// The provider of the assets it judges.
    pub provider: Provider,
    /// The asset type it judges.
    pub asset_type: AssetType,
    /// `InstanceType` of the API.
    pub instance_type: String,
    /// `InstanceSubType` of the API.
    pub instance_sub_type: String,
    /// `AssetType` of `ListCheckResult`; -1 where the reference gives no number.
    pub asset_type_number: i64,
    /// The console page of an asset, with `{id}`, `{region}`, `{account}`, `{name}`.
    pub console: Option<String>,
    /// How bad a failure is.
    pub risk_level: RiskLevel,
    /// The row of `DescribeRiskCheckResult`, where it is one of the 45.
    pub legacy: Option<LegacyItem>,
    /// The name.
    pub title: Text,
    /// What it checks.
    pub description: Text,
    /// What a failure means.
    pub risk: Text,
    /// What to do about a failure.
    pub solution: Text,
    /// Where to read more; empty where a user's own check gives nothing.
    pub help: Text,
    /// Commands that fix a failure.
    pub remediation: Option<Remediation>,
    /// Whether a repair is supported.
    pub repair_supported: bool,
    /// Whether it is free.
    pub free: bool,
    /// The parameters, in order, with the values in force.
    pub parameters: Vec<Parameter>,
    /// The sentence for a failure; `{Name}` stands for an item of the evidence.
    pub message: Option<Text>,
    /// The values that its results carry, in order.
    pub evidence: Vec<EvidenceColumn>,
    /// The examples: tests and documentation.
    pub examples: Vec<Example>,
    /// The baseline that it is an item of; none: it is a check of assets that a provider lists.
    pub baseline: Option<Baseline>,
    /// What an item judges; empty for checks.
    pub targets: Vec<Target>,
    /// Where other collections of rules have the same, such as `cis_docker: '4.1'`.
    pub references: BTreeMap<String, String>,
    /// How an item finds its secrets.
    pub secret: Option<SecretRule>,
    /// Whether it comes from a user's own directory.
    pub custom: bool,
    /// The file it comes from.
    pub path: String,
    /// The expressions it was compiled from.
    pub source: Arc<RuleSource>,
    /// The compiled predicate.
    pub rule: Arc<Rule>,
}

/// Commands that fix a failure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remediation {
    /// For the provider's command line, with `{id}` and the like.
    pub cli: Option<String>,
    /// A snippet of Terraform.
    pub terraform: Option<String>,
}

/// Why a parameter cannot have a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParamError {
    /// There is no such parameter.
    #[error("check `{check}` has no parameter `{name}`")]
    Unknown {
        /// The check's key.
        check: String,
        /// The name that was given.
        name: String,
    },
    /// The value has another type or lies out of bounds.
    #[error("parameter `{name}` of check `{check}` cannot be `{value}`: the value {why}")]
    Invalid {
        /// The check's key.
        check: String,
        /// The parameter.
        name: String,
        /// The value that was given.
        value: String,
        /// Why not.
        why: String,
    },
    /// The predicate does not compile with the values.
    #[error("check `{check}` does not compile with these parameters: {why}")]
    Compile {
        /// The check's key.
        check: String,
        /// What the compiler says.
        why: String,
    },
}

impl Check {
    /// The same check with other values of its parameters; parameters that are not named keep theirs.
    ///
    /// # Errors
    /// [`ParamError`] when there is no such parameter, or the value has another type or lies out of bounds.
    pub fn with_params(
        &self,
        values: &BTreeMap<String, Value>,
        types: &Types,
    ) -> Result<Self, ParamError> {
        let mut parameters = self.parameters.clone();
        for (name, value) in values {
            self.set(&mut parameters, name, value)?;
        }
        let mut source = RuleSource::clone(&self.source);
        source.params = engine_params(&parameters).map_err(|why| self.not_compiled(why))?;
        let rule = Rule::compile(&source, types).map_err(|found| {
            self.not_compiled(
                found
                    .into_iter()
                    .map(|d| d.message)
                    .collect::<Vec<_>>()
                    .join("; "),
            )
        })?;
        Ok(Self {
            parameters,
            source: Arc::new(source),
            rule: Arc::new(rule),
            ..self.clone()
        })
    }

    fn set(
        &self,
        parameters: &mut [Parameter],
        name: &str,
        value: &Value,
    ) -> Result<(), ParamError> {
        let check = self.key.clone();
        let Some(parameter) = parameters
            .iter_mut()
            .find(|parameter| parameter.name == name)
        else {
            return Err(ParamError::Unknown {
                check,
                name: name.to_owned(),
            });
        };
        parameter.accept(value).map_err(|why| ParamError::Invalid {
            check,
            name: name.to_owned(),
            value: value.to_string(),
            why,
        })?;
        parameter.value = value.clone();
        Ok(())
    }

    fn not_compiled(&self, why: String) -> ParamError {
        ParamError::Compile {
            check: self.key.clone(),
            why,
        }
    }
}

/// The parameters as the engine takes them.
///
/// # Errors
/// The engine's word on a value that is not of its type.
pub(crate) fn engine_params(parameters: &[Parameter]) -> Result<BTreeMap<String, Param>, String> {
    parameters
        .iter()
        .map(|parameter| {
            let param = Param::new(parameter.kind, parameter.value.clone())?;
            Ok((parameter.name.clone(), param))
        })
        .collect()
}
