//! `stance collect permissions`: the least that keys must be allowed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::Context;
use serde_json::{Value, json};
use stance_catalog::Catalog;
use stance_model::Provider;
use stance_model::operation::CallSpec;

use crate::output;
use crate::session::CatalogArgs;
use crate::wanted::Wanted;

/// Shows the least read-only policy with which the checks can be answered, as the provider takes it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stance collect permissions aliyun > stance-reader.json
  stance collect permissions aws --format text       which asset types need which action
  stance collect permissions aliyun --members        also what collecting a whole organisation needs")]
pub(super) struct Args {
    /// aliyun, aws, azure, tencent or huawei.
    #[arg(value_name = "PROVIDER", value_parser = super::provider)]
    provider: Provider,
    /// json: a policy; text: each action with what it is needed for.
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    format: Format,
    /// Also what is needed to find the accounts of the organisation and to take roles in them.
    #[arg(long)]
    members: bool,
    #[command(flatten)]
    catalog: CatalogArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Text,
}

impl FromStr for Format {
    type Err = NoFormat;

    fn from_str(text: &str) -> Result<Self, NoFormat> {
        match text {
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            _ => Err(NoFormat),
        }
    }
}

#[derive(Debug)]
struct NoFormat;

impl fmt::Display for NoFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is json or text")
    }
}

impl std::error::Error for NoFormat {}

/// Actions, each with the asset types or purposes that need it.
type Needs = BTreeMap<String, BTreeSet<String>>;

pub(super) fn permissions(args: &Args) -> anyhow::Result<ExitCode> {
    let catalog = args.catalog.load()?;
    let needs = needs(&catalog, args.provider, args.members)?;
    match args.format {
        Format::Json => {
            let policy = policy(args.provider, &needs);
            output::print(&serde_json::to_string_pretty(&policy)?)?;
        }
        Format::Text => {
            let line = |(action, by): (&String, &BTreeSet<String>)| {
                let by: Vec<&str> = by.iter().map(String::as_str).collect();
                format!("{action}  {}\n", by.join(", "))
            };
            output::print(&needs.iter().map(line).collect::<String>())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn needs(catalog: &Catalog, provider: Provider, members: bool) -> anyhow::Result<Needs> {
    let wanted = Wanted::of(catalog, provider, &[])?;
    let lookups = catalog.provider_calls(provider);
    let lookups = lookups.with_context(|| format!("accounts of {provider} are not read"))?;
    let mut needs = Needs::new();
    let mut add = |call: &CallSpec, by: &str| {
        for need in &call.needs {
            needs.entry(need.clone()).or_default().insert(by.to_owned());
        }
    };
    add(&lookups.identity.call, "the account");
    if let Some(lookup) = &lookups.regions {
        add(&lookup.call, "its regions");
    }
    let organisation = [&lookups.members, &lookups.assume];
    for lookup in organisation.into_iter().flatten().filter(|_| members) {
        add(&lookup.call, "the organisation");
    }
    for collection in &wanted.collections {
        let read = wanted.calls.get(&collection.asset_type);
        let by = collection.asset_type.to_string();
        let (listing, rest) = collection.calls.split_at(1.min(collection.calls.len()));
        let rest = rest.iter().filter(|call| {
            let leads = rest.iter().any(|other| {
                let each = other
                    .each
                    .as_ref()
                    .is_some_and(|each| each.fact == call.name);
                each && read.is_some_and(|read| read.contains(&other.name))
            });
            leads || read.is_some_and(|read| read.contains(&call.name))
        });
        for call in collection.parents.iter().chain(listing).chain(rest) {
            add(call, &by);
        }
    }
    Ok(needs)
}

/// The policy in the provider's own language.
fn policy(provider: Provider, needs: &Needs) -> Value {
    let actions: Vec<&str> = needs.keys().map(String::as_str).collect();
    match provider {
        Provider::Tencent => json!({
            "version": "2.0",
            "statement": [{"effect": "allow", "action": actions, "resource": ["*"]}],
        }),
        Provider::Huawei => json!({
            "Version": "1.1",
            "Statement": [{"Effect": "Allow", "Action": actions}],
        }),
        Provider::Azure => role(&actions),
        Provider::Aws => json!({
            "Version": "2012-10-17",
            "Statement": [{"Sid": "StanceReads", "Effect": "Allow", "Action": actions, "Resource": "*"}],
        }),
        _ => json!({
            "Version": "1",
            "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}],
        }),
    }
}

/// A role of Azure. What Microsoft Graph allows is granted to the application and is no action of a role.
fn role(needs: &[&str]) -> Value {
    let (actions, grants): (Vec<&str>, Vec<&str>) =
        needs.iter().partition(|need| need.contains('/'));
    if !grants.is_empty() {
        let grants = grants.join(", ");
        output::remark(&format!(
            "application permissions of Microsoft Graph: {grants}"
        ));
    }
    json!({
        "Name": "Stance reader",
        "IsCustom": true,
        "Description": "Reads the configuration that Stance checks.",
        "Actions": actions,
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": ["/subscriptions/00000000-0000-0000-0000-000000000000"],
    })
}
