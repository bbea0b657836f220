//! `stance check`: the checks of the catalogue, for those who read and write them.

mod show;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::anyhow;
use clap::ValueEnum;
use serde_json::json;
use stance_catalog::{check_file, new_check_yaml, run_examples};
use stance_model::query::CheckRef;
use stance_model::{AssetType, Lang};

use crate::output;
use crate::readers::Readers;
use crate::session::{CatalogArgs, LangArgs, check_ref};

/// Lists, shows, tests and begins checks.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    List(List),
    Show(Show),
    Test(Test),
    New(New),
}

/// How a list is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Style {
    Text,
    Json,
}

/// Lists all checks.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// text or json.
    #[arg(long, value_enum, default_value = "text")]
    format: Style,
    #[command(flatten)]
    lang: LangArgs,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// Shows one check: what it checks, why, what to do, how it decides, which standards name it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  stance check show ali.rds.whitelist_open --lang zh")]
pub(crate) struct Show {
    /// The check, by key or id.
    #[arg(value_parser = check_ref)]
    check: CheckRef,
    #[command(flatten)]
    lang: LangArgs,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// Lints check files and runs their examples.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  stance check test my-checks/acme.ecs.tagged.yaml")]
pub(crate) struct Test {
    /// Check files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Prints the beginning of a check file, for you to fill in.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  stance check new acme.ecs.tagged aliyun/ecs/instance > my-checks/acme.ecs.tagged.yaml")]
pub(crate) struct New {
    /// The key: words of your own, joined by dots.
    key: String,
    /// The asset type that it judges, such as aliyun/ecs/instance.
    asset_type: String,
}

pub(crate) fn check(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List(args) => list(&args),
        Command::Show(args) => show(&args),
        Command::Test(args) => test(&args),
        Command::New(args) => new(&args),
    }
}

fn list(args: &List) -> anyhow::Result<ExitCode> {
    let catalog = args.catalog.load()?;
    let lang = args.lang.get();
    if matches!(args.format, Style::Json) {
        let rows: Vec<serde_json::Value> = catalog
            .checks()
            .iter()
            .map(|c| {
                json!({"check": c.key, "check_id": c.id, "provider": c.provider, "asset_type": c.asset_type,
                    "instance_type": c.instance_type, "instance_sub_type": c.instance_sub_type,
                    "risk_level": c.risk_level, "title": c.title.get(lang), "custom": c.custom})
            })
            .collect();
        output::print(&serde_json::to_string_pretty(&rows)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = String::new();
    for check in catalog.checks() {
        let level = check.risk_level.key();
        text.push_str(&format!(
            "{:>6}  {level:<6}  {:<38}  {}\n",
            check.id.get(),
            check.key,
            check.title.get(lang)
        ));
    }
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn show(args: &Show) -> anyhow::Result<ExitCode> {
    let catalog = args.catalog.load()?;
    let found = match &args.check {
        CheckRef::Id(id) => catalog.get(*id),
        CheckRef::Key(key) => catalog.by_key(key),
    };
    let check = found
        .ok_or_else(|| anyhow!("there is no such check; `stance check list` names them all"))?;
    output::print(&show::text(
        check,
        catalog.policies(check.id),
        args.lang.get(),
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn test(args: &Test) -> anyhow::Result<ExitCode> {
    let catalog = CatalogArgs::default().load()?;
    let mut failed = false;
    for file in &args.files {
        let (check, report) = check_file(file, Some(&Readers));
        for problem in report.reports() {
            output::remark(&format!("{problem:?}"));
        }
        failed |= !report.is_clean();
        let Some(check) = check else { continue };
        for run in run_examples(&check, catalog.types(), Some(&Readers)) {
            let mark = if run.is_as_wanted() { "ok" } else { "FAILED" };
            failed |= !run.is_as_wanted();
            output::print(&format!("{mark:<6}  {}  {}", check.key, run.name))?;
            for fact in &run.evidence.facts {
                output::print(&format!("          {} = {}", fact.path, fact.value))?;
            }
        }
    }
    Ok(if failed {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

fn new(args: &New) -> anyhow::Result<ExitCode> {
    let catalog = CatalogArgs::default().load()?;
    let asset_type: Option<AssetType> = args.asset_type.parse().ok();
    let info = asset_type
        .and_then(|t| catalog.asset_type(&t))
        .ok_or_else(|| {
            let known: Vec<&str> = catalog
                .asset_types()
                .map(|info| info.asset_type.as_str())
                .collect();
            anyhow!(
                "there is no asset type `{}`; there is {}",
                args.asset_type,
                known.join(", ")
            )
        })?;
    output::print(&new_check_yaml(&args.key, info))?;
    Ok(ExitCode::SUCCESS)
}

/// The word of a heading.
fn heading(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    stance_model::Text::pick(lang, zh, en)
}
