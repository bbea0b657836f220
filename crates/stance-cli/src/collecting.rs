//! Collecting from live accounts into a snapshot: what `stance collect` and `stance scan` share.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use stance_catalog::Catalog;
use stance_collect::live::credentials::{Surroundings, keys_of};
use stance_collect::live::{
    Account, Failure, KeySource, Network, Options, Plan, Region, Session, Sink,
};
use stance_collect::snapshot::{SnapshotError, Writer};
use stance_model::operation::{Collection, ProviderCalls};
use stance_model::{Asset, AssetType, Clock, Coverage, Provider, record};

use crate::output;
use crate::progress::TypeBar;

/// Which accounts, and how they are asked.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Collecting")]
pub(crate) struct CollectArgs {
    /// Only this region; may be given several times. Default: all that the account may use.
    #[arg(long, value_name = "REGION")]
    region: Vec<String>,
    /// Only this asset type, such as aliyun/rds/instance; may be given several times.
    #[arg(long = "type", value_name = "TYPE", value_parser = |text: &str| text.parse::<AssetType>().map_err(|e| e.to_string()))]
    types: Vec<AssetType>,
    /// The profile of the cloud's own command line whose keys are taken.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Also every account of the organisation, by this role in it.
    #[arg(long, value_name = "ROLE")]
    members: Option<String>,
    /// Requests in flight, in all.
    #[arg(long, value_name = "N", default_value_t = Options::default().workers)]
    workers: usize,
    /// Calls of one operation in a second, in one region.
    #[arg(long, value_name = "N", default_value_t = Options::default().per_second)]
    rate: f64,
    /// Seconds that one call may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 20.0)]
    timeout: f64,
    /// Attempts of one call whose failure may pass.
    #[arg(long, value_name = "N", default_value_t = Options::default().attempts)]
    attempts: u32,
    /// Milliseconds to wait after a first failure; twice as long after each further one.
    #[arg(long, value_name = "MS", default_value_t = 1_000)]
    pause: u64,
    /// Send everything to this address instead of the cloud, such as a replay at http://127.0.0.1:8724.
    #[arg(long, value_name = "URL", env = "STANCE_CLOUD_ENDPOINT")]
    endpoint: Option<String>,
}

impl CollectArgs {
    fn options(&self) -> anyhow::Result<Options> {
        if !self.rate.is_finite() || self.rate <= 0.0 {
            bail!("`--rate` is more than 0");
        }
        let timeout = Duration::try_from_secs_f64(self.timeout)
            .ok()
            .filter(|timeout| !timeout.is_zero());
        Ok(Options {
            workers: self.workers.clamp(1, 256),
            per_second: self.rate,
            burst: (self.rate * 2.0).max(1.0),
            attempts: self.attempts,
            pause: Duration::from_millis(self.pause),
            timeout: timeout.context("`--timeout` is more than 0 seconds")?,
            instead: self.endpoint.clone(),
            ..Options::default()
        })
    }
}

/// What was collected.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) assets: u64,
    pub(crate) accounts: u64,
    /// Coverage records that tell of something unread.
    pub(crate) gaps: u64,
}

/// Collects what the checks of the catalogue read from the accounts of a provider into a snapshot at `path`.
pub(crate) fn collect(
    provider: Provider,
    args: &CollectArgs,
    catalog: &Catalog,
    path: &Path,
) -> anyhow::Result<Collected> {
    let calls = catalog
        .provider_calls(provider)
        .with_context(|| format!("there is no collecting from accounts of {provider}"))?;
    let options = args.options()?;
    let mut surroundings = Surroundings::of_process();
    surroundings.profile.clone_from(&args.profile);
    let keys = keys_of(provider, &surroundings).map_err(|failure| told(&failure))?;
    let clock = Clock::System;
    let producer = concat!("stance ", env!("CARGO_PKG_VERSION"));
    let writer = Writer::create(path, clock.now(), producer)?;
    let visit = Visitor {
        args,
        calls,
        options: &options,
        network: Network::new(options.timeout, options.instead.clone()),
        wanted: wanted(catalog, provider, &args.types)?,
        file: SnapshotFile::new(writer),
        clock,
        cancel: cancelled_by_ctrl_c(),
    };
    visit.organisation(&*keys)?;
    visit.file.finish()
}

/// The types that checks of the provider read, those that they relate to among them, with the calls that are read.
fn wanted<'c>(
    catalog: &'c Catalog,
    provider: Provider,
    types: &[AssetType],
) -> anyhow::Result<Wanted<'c>> {
    let mut calls: BTreeMap<AssetType, BTreeSet<String>> = BTreeMap::new();
    let picked = |asset_type: &AssetType| types.is_empty() || types.contains(asset_type);
    for check in catalog.checks() {
        if check.provider != provider || !picked(&check.asset_type) {
            continue;
        }
        let own = calls.entry(check.asset_type.clone()).or_default();
        own.extend(check.rule.calls().iter().cloned());
        for related in check.rule.related_types() {
            let info = catalog.asset_type(&related);
            let all = info.into_iter().flat_map(|info| &info.calls);
            let names = all.map(|call| call.name.clone());
            calls.entry(related.clone()).or_default().extend(names);
        }
    }
    let collections: Vec<&Collection> = calls
        .keys()
        .filter_map(|asset_type| catalog.asset_type(asset_type)?.collection.as_ref())
        .collect();
    if collections.is_empty() {
        bail!("no check reads an asset type of {provider} that can be collected");
    }
    Ok(Wanted { collections, calls })
}

struct Wanted<'c> {
    collections: Vec<&'c Collection>,
    calls: BTreeMap<AssetType, BTreeSet<String>>,
}

struct Visitor<'v> {
    args: &'v CollectArgs,
    calls: &'v ProviderCalls,
    options: &'v Options,
    network: Network,
    wanted: Wanted<'v>,
    file: SnapshotFile,
    clock: Clock,
    cancel: Arc<AtomicBool>,
}

/// The keys of a member, assumed anew whenever they ran out.
struct Assumed<'a> {
    hub: &'a Session<'a>,
    calls: &'a ProviderCalls,
    account: &'a str,
    role: &'a str,
}

impl KeySource for Assumed<'_> {
    fn fetch(&self) -> Result<stance_collect::live::Credential, Failure> {
        let none = || Failure::own(stance_model::ReasonKind::NotOffered, "", "no roles");
        let lookup = self.calls.assume.as_ref().ok_or_else(none)?;
        self.hub.assume(lookup, self.account, self.role)
    }
}

impl Visitor<'_> {
    fn session<'s>(&'s self, keys: &'s dyn KeySource) -> Session<'s> {
        Session::new(&self.network, keys, self.options, self.clock, &self.cancel)
    }

    /// The account of the keys, and the members of its organisation where they are wanted.
    fn organisation(&self, keys: &dyn KeySource) -> anyhow::Result<()> {
        let session = self.session(keys);
        let hub = session
            .identity(&self.calls.identity)
            .map_err(|failure| told(&failure).context("asking whose keys these are"))?;
        let regions = self
            .regions(&session)
            .map_err(|failure| told(&failure).context("asking for the account's regions"))?;
        self.account(&session, &hub, &regions)?;
        let Some(role) = &self.args.members else {
            return Ok(());
        };
        let lookup = self.calls.members.as_ref();
        let lookup = lookup.context("this provider's organisations are not read")?;
        let members = session
            .members(lookup)
            .map_err(|failure| told(&failure).context("asking for the organisation's accounts"))?;
        for member in members.iter().filter(|member| member.id != hub.id) {
            let keys = Assumed {
                hub: &session,
                calls: self.calls,
                account: &member.id,
                role,
            };
            // One that cannot be entered ends with coverage that says so; the others go on.
            self.account(&self.session(&keys), member, &regions)?;
        }
        Ok(())
    }

    fn regions(&self, session: &Session<'_>) -> Result<Vec<Region>, Failure> {
        let found = match &self.calls.regions {
            Some(lookup) => session.regions(lookup)?,
            None => Vec::new(),
        };
        let picked =
            |region: &Region| self.args.region.is_empty() || self.args.region.contains(&region.id);
        Ok(found.into_iter().filter(picked).collect())
    }

    fn account(
        &self,
        session: &Session<'_>,
        account: &Account,
        regions: &[Region],
    ) -> anyhow::Result<()> {
        self.file.account(record::Account {
            provider: self.calls.provider,
            id: account.id.clone(),
            name: account.name.clone(),
        })?;
        let plan = Plan {
            account: &account.id,
            regions,
            collections: &self.wanted.collections,
            wanted: &self.wanted.calls,
        };
        let bar = TypeBar::new(&account.id);
        Ok(session.collect(&plan, &bar, &self.file)?)
    }
}

/// Takes assets and coverage from several threads into one file.
struct SnapshotFile {
    inner: Mutex<Inner>,
}

struct Inner {
    writer: Writer,
    collected: Collected,
    failed: Option<anyhow::Error>,
}

impl SnapshotFile {
    fn new(writer: Writer) -> Self {
        Self {
            inner: Mutex::new(Inner {
                writer,
                collected: Collected::default(),
                failed: None,
            }),
        }
    }

    /// Writes a record, unless an earlier one could not be written.
    fn write(&self, record: impl FnOnce(&mut Writer) -> Result<(), SnapshotError>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.failed.is_none()
            && let Err(error) = record(&mut inner.writer)
        {
            inner.failed = Some(error.into());
        }
    }

    fn count(&self, count: impl FnOnce(&mut Collected)) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        count(&mut inner.collected);
    }

    fn account(&self, account: record::Account) -> anyhow::Result<()> {
        self.write(|writer| writer.account(account));
        self.count(|collected| collected.accounts += 1);
        Ok(())
    }

    fn finish(self) -> anyhow::Result<Collected> {
        let inner = self
            .inner
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = inner.failed {
            return Err(error);
        }
        inner.writer.finish()?;
        Ok(inner.collected)
    }
}

impl Sink for SnapshotFile {
    fn asset(&self, asset: Asset) {
        self.write(|writer| writer.asset(asset));
        self.count(|collected| collected.assets += 1);
    }

    fn coverage(&self, coverage: Coverage) {
        if coverage.problem().is_some() {
            self.count(|collected| collected.gaps += 1);
        }
        self.write(|writer| writer.coverage(coverage));
    }
}

/// What is set once Ctrl-C was pressed: what was read by then is kept, and the rest is not read.
fn cancelled_by_ctrl_c() -> Arc<AtomicBool> {
    let cancel = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&cancel);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            output::remark("ending; what was read is kept. Press Ctrl-C again to throw it away");
            stop.store(true, Ordering::Relaxed);
        }
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(130);
        }
    });
    cancel
}

fn told(failure: &Failure) -> anyhow::Error {
    let reason = failure.reason();
    anyhow!("{}", reason.show(stance_model::Lang::En))
}
