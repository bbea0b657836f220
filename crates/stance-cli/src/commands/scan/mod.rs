//! `stance scan`: check snapshots and Terraform files and report what was found.

mod ignore;
mod image;
mod live;
mod pick;

use std::path::PathBuf;
use std::process::ExitCode;

use jiff::Timestamp;
use stance_model::query::ResultQuery;
use stance_model::view::{Report, ResultReason};
use stance_model::{CheckStatus, Clock, Lang, RiskLevel};
use stance_report::Format;
use stance_service::{ScanOptions, ScanSummary, Scope};

use crate::collecting::CollectArgs;
use crate::output;
use crate::progress::progress;
use crate::session::{LangArgs, Session, StoreArgs, block_on, moment};

/// How many findings the table lists unless told otherwise.
const LISTED: usize = 25;

/// Checks snapshots and Terraform files and reports what was found; the results are kept with their history.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_help = "Examples:
  stance scan snapshot.jsonl.zst
  stance scan examples/estate --fail-on high
  stance scan terraform.tfstate
  terraform show -json plan.out > plan.json && stance scan plan.json --format sarif
  stance scan estate/ --format json --output results.json --db sqlite://audit.db
  stance scan aliyun --region cn-hangzhou --fail-on high      read the account, then check it")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// A provider whose live account is read first (aliyun, aws, azure, tencent, huawei), or snapshots (`.jsonl`, `.jsonl.zst`), Terraform states (`.tfstate`) and plans (`terraform show -json`), or folders of them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    gate: Gate,
    /// Judge as of this time (RFC 3339) instead of now.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    now: Option<Timestamp>,
    #[command(flatten)]
    collect: CollectArgs,
    #[command(flatten)]
    lang: LangArgs,
    #[command(flatten)]
    store: StoreArgs,
}

/// What else can be scanned.
#[derive(Debug, clap::Subcommand)]
enum What {
    Image(Box<image::Args>),
}

/// Where a report goes, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct OutputArgs {
    /// table, json, csv, sarif, ocsf, junit or html.
    #[arg(long, default_value = "table", value_name = "FORMAT", value_parser = |text: &str| text.parse::<Format>().map_err(|e| e.to_string()))]
    pub(crate) format: Format,
    /// Write to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The most findings that the table lists; 0 lists all.
    #[arg(long, default_value_t = LISTED, value_name = "N")]
    pub(crate) limit: usize,
}

impl OutputArgs {
    /// Writes a report.
    pub(crate) fn write(&self, report: &Report) -> anyhow::Result<()> {
        let limit = (self.limit > 0).then_some(self.limit);
        output::report(report, self.format, limit, self.output.as_deref())
    }
}

pub(crate) fn scan(args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(What::Image(args)) = &args.what {
        return image::image(args);
    }
    block_on(async {
        let session = args.store.open(Clock::System).await?;
        let options = ScanOptions {
            judged_at: args.now,
            progress: progress(),
            ..ScanOptions::default()
        };
        let (paths, _collected) = live::collected(args, &session).await?;
        let summary = session
            .service
            .scan(&session.caller, &paths, options)
            .await?;
        let source: Vec<String> = args
            .paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let report = report_of(
            &session,
            &summary,
            source.join(" "),
            args.lang.get(),
            args.output.format,
        )
        .await?;
        session.service.close().await;
        args.output.write(&report)?;
        Ok(args.gate.code(&report))
    })
}

/// The report of one scan: the results of the accounts that it saw.
pub(crate) async fn report_of(
    session: &Session,
    summary: &ScanSummary,
    source: String,
    lang: Lang,
    format: Format,
) -> anyhow::Result<Report> {
    let query = ResultQuery {
        statuses: listed(format),
        lang,
        ..ResultQuery::default()
    };
    let scope = Scope {
        accounts: summary.accounts.clone(),
        source,
    };
    let mut report = session
        .service
        .report(&session.caller, &query, &scope)
        .await?;
    report.summary.assets = summary.assets;
    Ok(report)
}

/// The statuses that a report lists: the table what needs a person, other formats every result.
fn listed(format: Format) -> Vec<CheckStatus> {
    match format {
        Format::Table => vec![CheckStatus::NotPass, CheckStatus::NotCheck],
        _ => Vec::new(),
    }
}

/// What makes a scan end with 1.
#[derive(Debug, clap::Args)]
struct Gate {
    /// Exit with 1 if a check of this risk level or above fails (high, medium or low).
    #[arg(long, value_name = "RISK", value_parser = |text: &str| text.parse::<RiskLevel>().map_err(|e| e.to_string()))]
    fail_on: Option<RiskLevel>,
    /// Exit with 1 if anything could not be checked.
    #[arg(long)]
    fail_on_unknown: bool,
}

impl Gate {
    /// The exit code for what was found.
    fn code(&self, report: &Report) -> ExitCode {
        let failed = |level: RiskLevel| {
            report
                .results
                .iter()
                .any(|r| r.status == CheckStatus::NotPass && r.risk_level >= level)
        };
        let unread =
            |r: &stance_model::view::ResultView| matches!(r.reason, Some(ResultReason::Unread(_)));
        let unknown = self.fail_on_unknown
            && (report.results.iter().any(unread)
                || report.coverage.iter().any(|c| !c.status.is_complete()));
        if unknown || self.fail_on.is_some_and(failed) {
            ExitCode::from(1)
        } else {
            ExitCode::SUCCESS
        }
    }
}
