//! An asset as the hot path reads it: the parsed document and the fields that identify it.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};
use stance_model::{AssetType, Provider, Reason};

use super::check::{self, Refusal, required, shown};
use super::limits::text;

/// One asset of a snapshot. The document keeps its parsed form, so that checks read it without parsing again.
#[derive(Debug, Clone)]
pub struct AssetDoc {
    /// The whole asset object. INVARIANT: its keys are those of [`stance_model::Asset`], each at most once.
    pub value: Value,
    /// Who has it.
    pub provider: Provider,
    /// The account it belongs to.
    pub account: String,
    /// Its region; `global` for what has none.
    pub region: String,
    /// Its kind.
    pub asset_type: AssetType,
    /// The provider's id of it.
    pub id: String,
    /// Its name; the id where it has none.
    pub name: String,
    /// The file that declares it, for infrastructure code.
    pub file: Option<String>,
    /// The line in that file, from 1.
    pub line: Option<u32>,
}

/// The parts of an asset object, found in one pass.
#[derive(Default)]
struct Parts<'a> {
    provider: Option<&'a Value>,
    account: Option<&'a Value>,
    region: Option<&'a Value>,
    asset_type: Option<&'a Value>,
    id: Option<&'a Value>,
    name: Option<&'a Value>,
    zone: Option<&'a Value>,
    tags: Option<&'a Value>,
    facts: Option<&'a Value>,
    unknown: Option<&'a Value>,
    origin: Option<&'a Value>,
}

impl AssetDoc {
    /// The asset of a record, an object with the one key `asset`.
    pub(super) fn from_record(record: &Value) -> Result<Self, Refusal> {
        let object = record.as_object().ok_or("not an object")?;
        if object.len() != 1 {
            return Err("not a record: it has more than one key".to_owned());
        }
        let asset = object.get(&"asset").ok_or("not an asset record")?;
        Self::from_asset(asset)
    }

    fn from_asset(asset: &Value) -> Result<Self, Refusal> {
        let parts = Parts::of(asset)?;
        parts.check()?;
        let provider = parts.provider()?;
        let asset_type = parts.asset_type()?;
        check::same_provider(provider, &asset_type)?;
        let id = required("id", string("id", parts.id)?, text::ID)?;
        let (file, line) = parts.declared()?;
        Ok(Self {
            provider,
            account: required("account", string("account", parts.account)?, text::ACCOUNT)?
                .to_owned(),
            region: required("region", string("region", parts.region)?, text::REGION)?.to_owned(),
            asset_type,
            id: id.to_owned(),
            name: parts.name()?.unwrap_or(id).to_owned(),
            file,
            line,
            // Shares the parsed document; nothing is copied.
            value: asset.clone(),
        })
    }
}

impl<'a> Parts<'a> {
    /// Finds the parts. Unknown keys are refused, since they are misspellings of known ones, and so are keys given
    /// twice, since readers differ in which of the two they see.
    fn of(asset: &'a Value) -> Result<Self, Refusal> {
        let object = asset.as_object().ok_or("`asset` is not an object")?;
        let mut parts = Self::default();
        for (key, value) in object.iter() {
            let Some(part) = parts.part(key) else {
                return Err(format!("an asset has no `{}`", shown(key)));
            };
            if part.replace(value).is_some() {
                return Err(format!("`{key}` is given twice"));
            }
        }
        Ok(parts)
    }

    fn part(&mut self, key: &str) -> Option<&mut Option<&'a Value>> {
        Some(match key {
            "provider" => &mut self.provider,
            "account" => &mut self.account,
            "region" => &mut self.region,
            "type" => &mut self.asset_type,
            "id" => &mut self.id,
            "name" => &mut self.name,
            "zone" => &mut self.zone,
            "tags" => &mut self.tags,
            "facts" => &mut self.facts,
            "unknown" => &mut self.unknown,
            "origin" => &mut self.origin,
            _ => return None,
        })
    }

    /// The parts that stay in the document.
    fn check(&self) -> Result<(), Refusal> {
        let facts = self.facts.ok_or("`facts` is missing")?;
        if !facts.is_object() {
            return Err("`facts` is not an object".to_owned());
        }
        if let Some(zone) = present(self.zone) {
            check::optional("zone", string("zone", Some(zone))?, text::REGION)?;
        }
        self.tags.map_or(Ok(()), tags)?;
        self.unknown.map_or(Ok(()), unknown)
    }

    fn provider(&self) -> Result<Provider, Refusal> {
        let text = string("provider", self.provider)?;
        text.parse()
            .map_err(|_| format!("`provider` is not one we know: `{}`", shown(text)))
    }

    fn asset_type(&self) -> Result<AssetType, Refusal> {
        let text = string("type", self.asset_type)?;
        text.parse().map_err(|_| {
            format!(
                "`type` is not a provider, a service and a kind, as in `aliyun/ecs/instance`: `{}`",
                shown(text)
            )
        })
    }

    fn name(&self) -> Result<Option<&'a str>, Refusal> {
        let Some(name) = self.name else {
            return Ok(None);
        };
        let name = check::optional("name", string("name", Some(name))?, text::NAME)?;
        Ok(Some(name).filter(|n| !n.is_empty()))
    }

    /// The file and line of `origin`, after checking it.
    fn declared(&self) -> Result<(Option<String>, Option<u32>), Refusal> {
        let Some(value) = present(self.origin) else {
            return Ok((None, None));
        };
        let origin: stance_model::Origin =
            sonic_rs::from_value(value).map_err(|e| format!("`origin`: {}", first_line(&e)))?;
        check::required("origin.kind", &origin.kind, text::REGION)?;
        if let Some(at) = &origin.at {
            check::optional("origin.at", at, text::REGION)?;
        }
        if let Some(file) = &origin.file {
            check::required("origin.file", file, text::SENTENCE)?;
        }
        if origin.line == Some(0) {
            return Err("`origin.line` is 0; lines count from 1".to_owned());
        }
        Ok((origin.file, origin.line))
    }
}

/// A value that is there and not null.
fn present(value: Option<&Value>) -> Option<&Value> {
    value.filter(|v| !v.is_null())
}

fn string<'a>(name: &str, value: Option<&'a Value>) -> Result<&'a str, Refusal> {
    let value = value.ok_or_else(|| format!("`{name}` is missing"))?;
    value
        .as_str()
        .ok_or_else(|| format!("`{name}` is not a string"))
}

fn tags(value: &Value) -> Result<(), Refusal> {
    let tags = value.as_object().ok_or("`tags` is not an object")?;
    for (key, value) in tags.iter() {
        let name = || format!("tags.{}", shown(key));
        if key.len() > text::TAG {
            return Err(format!(
                "the key `{}` of `tags` is longer than {} bytes",
                shown(key),
                text::TAG
            ));
        }
        let value = value
            .as_str()
            .ok_or_else(|| format!("`{}` is not a string", name()))?;
        if value.len() > text::TAG {
            return Err(format!("`{}` is longer than {} bytes", name(), text::TAG));
        }
    }
    Ok(())
}

fn unknown(value: &Value) -> Result<(), Refusal> {
    let calls = value.as_object().ok_or("`unknown` is not an object")?;
    for (call, value) in calls.iter() {
        let name = format!("unknown.{}", shown(call));
        let reason: Reason =
            sonic_rs::from_value(value).map_err(|e| format!("`{name}`: {}", first_line(&e)))?;
        check::reason(&name, &reason)?;
    }
    Ok(())
}

fn first_line(error: &sonic_rs::Error) -> String {
    shown(error.to_string().lines().next().unwrap_or_default())
}
