//! `stance results`: what is stored.

use std::process::ExitCode;

use stance_model::query::{CheckQuery, CheckRef, ResultQuery};
use stance_model::{CheckStatus, Clock, Provider, RiskLevel, StandardType};
use stance_report::Format;
use stance_service::Scope;

use crate::commands::scan::OutputArgs;
use crate::session::{LangArgs, Session, StoreArgs, block_on, check_ref};

/// Shows stored results. Filters hold together; each may be given several times.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stance results --status NOT_PASS --risk high
  stance results --check ali.rds.whitelist_open --format json
  stance results --account 1000000000000001 --region cn-hangzhou --format csv --output results.csv")]
pub(crate) struct Args {
    /// Only this check, by key or id.
    #[arg(long, value_name = "CHECK", value_parser = check_ref)]
    check: Vec<CheckRef>,
    /// Only results with this status: PASS, NOT_PASS, WHITELIST or NOT_CHECK. Default for the table: what does not pass.
    #[arg(long, value_name = "STATUS", value_parser = status)]
    status: Vec<CheckStatus>,
    /// Only this risk level: high, medium or low.
    #[arg(long, value_name = "RISK", value_parser = |text: &str| text.parse::<RiskLevel>().map_err(|e| e.to_string()))]
    risk: Vec<RiskLevel>,
    /// Only this provider: aliyun, aws, azure, tencent or huawei.
    #[arg(long, value_name = "PROVIDER", value_parser = |text: &str| text.parse::<Provider>().map_err(|e| e.to_string()))]
    provider: Vec<Provider>,
    /// Only this instance type of the API, such as RDS.
    #[arg(long, value_name = "TYPE")]
    instance_type: Vec<String>,
    /// Only checks that this standard names, by its number.
    #[arg(long, value_name = "ID")]
    standard: Vec<i64>,
    /// Only checks that this requirement names, by its number.
    #[arg(long, value_name = "ID")]
    requirement: Vec<i64>,
    /// Only checks of a kind of standard: RISK, COMPLIANCE or IDENTITY_PERMISSION.
    #[arg(long = "type", value_name = "TYPE", value_parser = |text: &str| text.to_ascii_uppercase().parse::<StandardType>().map_err(|e| e.to_string()))]
    types: Vec<StandardType>,
    /// Only checks whose key, number or title contains this text.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only this account.
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// Only this region.
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Only this asset, by the provider's id.
    #[arg(long, value_name = "ID")]
    asset: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    lang: LangArgs,
    #[command(flatten)]
    store: StoreArgs,
}

/// A status that a result can have; CHECKING and FAILED are those of checks.
fn status(text: &str) -> Result<CheckStatus, String> {
    let status: Option<CheckStatus> = text.to_ascii_uppercase().parse().ok();
    status
        .filter(|s| !matches!(s, CheckStatus::Checking | CheckStatus::Failed))
        .ok_or_else(|| {
            format!("`{text}` is no status of a result; use PASS, NOT_PASS, WHITELIST or NOT_CHECK")
        })
}

pub(crate) fn results(args: &Args) -> anyhow::Result<ExitCode> {
    block_on(async {
        let session = args.store.open_existing(Clock::System).await?;
        let query = query(args, &session)?;
        let scope = Scope {
            accounts: Vec::new(),
            source: "store".to_owned(),
        };
        let report = session
            .service
            .report(&session.caller, &query, &scope)
            .await?;
        session.service.close().await;
        args.output.write(&report)?;
        Ok(ExitCode::SUCCESS)
    })
}

fn query(args: &Args, session: &Session) -> anyhow::Result<ResultQuery> {
    let mut check_ids = Vec::new();
    for check in &args.check {
        check_ids.push(session.service.find_check(check)?.id.get());
    }
    let checks = CheckQuery {
        check_ids,
        standard_ids: args.standard.clone(),
        requirement_ids: args.requirement.clone(),
        types: args.types.clone(),
        risk_levels: args.risk.clone(),
        providers: args.provider.clone(),
        instance_types: args
            .instance_type
            .iter()
            .map(|t| t.to_ascii_uppercase())
            .collect(),
        instance_ids: args.asset.clone(),
        check_key: args.search.clone(),
        ..CheckQuery::default()
    };
    let statuses = match (args.status.is_empty(), args.output.format) {
        (true, Format::Table) => vec![
            CheckStatus::NotPass,
            CheckStatus::NotCheck,
            CheckStatus::Whitelist,
        ],
        _ => args.status.clone(),
    };
    Ok(ResultQuery {
        checks,
        statuses,
        account: args.account.clone(),
        region: args.region.clone(),
        lang: args.lang.get(),
    })
}
