//! From arguments to a service: database, key file, catalogue, tenant, clock.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use jiff::Timestamp;
use stance_catalog::{Catalog, LintReport};
use stance_model::query::CheckRef;
use stance_model::{CheckId, Clock, Lang, TenantId};
use stance_service::{Caller, SealingKey, Service};
use stance_store::Store;

use crate::{output, place};

/// Which database and catalogue.
#[derive(Debug, Clone, Args)]
pub(crate) struct StoreArgs {
    /// The database: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME`. Default: a file in the XDG data folder.
    #[arg(long, env = "STANCE_DB", value_name = "URL", hide_env_values = true)]
    pub(crate) db: Option<String>,
    /// The file of the server's key, with which secrets of access keys are sealed. Default: beside the database file.
    #[arg(long, env = "STANCE_KEY_FILE", value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Whose data.
    #[arg(long, env = "STANCE_TENANT", default_value = TenantId::DEFAULT, value_name = "NAME", value_parser = tenant)]
    pub(crate) tenant: TenantId,
    #[command(flatten)]
    pub(crate) catalog: CatalogArgs,
}

/// Which checks.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct CatalogArgs {
    /// A folder of your own check files, beside the built-in ones; may be given several times.
    #[arg(long, env = "STANCE_CHECKS", value_name = "DIR", value_delimiter = ':')]
    pub(crate) checks: Vec<PathBuf>,
}

/// Which language people read.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct LangArgs {
    /// The language of texts: zh or en. Default: that of the environment.
    #[arg(long, env = "STANCE_LANG", value_parser = |text: &str| text.parse::<Lang>().map_err(|e| e.to_string()))]
    lang: Option<Lang>,
}

impl LangArgs {
    /// The language: as given, or Chinese where the environment speaks it, or English.
    pub(crate) fn get(self) -> Lang {
        let spoken = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok());
        let chinese = spoken.is_some_and(|lang| lang.starts_with("zh"));
        self.lang
            .unwrap_or(if chinese { Lang::Zh } else { Lang::En })
    }
}

fn tenant(text: &str) -> Result<TenantId, String> {
    TenantId::new(text).map_err(|error| error.to_string())
}

/// A service and the person at the command line.
pub(crate) struct Session {
    pub(crate) service: Service,
    pub(crate) caller: Caller,
    pub(crate) catalog: Arc<Catalog>,
}

impl StoreArgs {
    /// Opens a database that must be there, for commands that only look: a misspelt path must not read as an empty
    /// estate.
    pub(crate) async fn open_existing(&self, clock: Clock) -> anyhow::Result<Session> {
        let url = self.url()?;
        if let Some(file) = url.strip_prefix("sqlite://")
            && !Path::new(file).exists()
        {
            bail!(
                "there is no database `{file}`; `stance scan PATH` makes one, `--db` names another"
            );
        }
        self.open(clock).await
    }

    /// The database's URL.
    pub(crate) fn url(&self) -> anyhow::Result<String> {
        match &self.db {
            Some(url) => Ok(url.clone()),
            None => place::sqlite_url(&place::data_folder()?.join("stance.db")),
        }
    }

    /// Opens the database and the catalogue.
    pub(crate) async fn open(&self, clock: Clock) -> anyhow::Result<Session> {
        let catalog = Arc::new(self.catalog.load()?);
        let url = self.url()?;
        let key_file = match &self.key_file {
            Some(file) => file.clone(),
            None => place::key_file(&url)?,
        };
        let store = Store::open(&url).await?;
        let sealing = SealingKey::open(&key_file)?;
        let service = Service::new(store, Arc::clone(&catalog), sealing, clock);
        Ok(Session {
            service,
            catalog,
            caller: Caller::local(self.tenant.clone()),
        })
    }
}

impl CatalogArgs {
    /// The built-in catalogue with the person's own checks.
    pub(crate) fn load(&self) -> anyhow::Result<Catalog> {
        Catalog::with_custom(&self.checks).map_err(|report| broken(&report))
    }
}

/// Shows every problem; the error says how many there are.
fn broken(report: &LintReport) -> anyhow::Error {
    for problem in &report.problems {
        output::remark(&format!("{problem}"));
    }
    anyhow!(
        "the catalogue has {} problems; `stance catalog lint DIR` shows them with their source",
        report.problems.len()
    )
}

/// A check as a person names it: by number or by key.
pub(crate) fn check_ref(text: &str) -> Result<CheckRef, String> {
    match text.parse::<i64>() {
        Ok(number) => CheckId::new(number)
            .map(CheckRef::Id)
            .map_err(|error| error.to_string()),
        Err(_) => Ok(CheckRef::Key(text.to_owned())),
    }
}

/// A moment as a person gives it, in RFC 3339.
pub(crate) fn moment(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is no time; write it like 2026-11-25T08:00:00Z"))
}

/// Runs a command's work on the runtime.
pub(crate) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    runtime.block_on(work)
}
