//! Collecting from live accounts into a snapshot: what `stance collect` and `stance scan` share.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use stance_catalog::Catalog;
use stance_collect::live::credentials::{Surroundings, hosts_of, keys_of};
use stance_collect::live::replay::Recorder;
use stance_collect::live::{
    Account, Credential, Failure, KeySource, Network, Options, Plan, Region, Session, Transport,
    moved, moved_lookups,
};
use stance_collect::snapshot::Writer;
use stance_model::operation::{Collection, Lookup, ProviderCalls};
use stance_model::{AssetType, Clock, Provider, record};

use crate::output;
use crate::progress::TypeBar;
use crate::snapshot_file::{Collected, SnapshotFile};
use crate::wanted::Wanted;

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
    /// Also every account of the organisation, by this role in it; without a role where the keys themselves may read
    /// all of them, as subscriptions of Azure.
    #[arg(long, value_name = "ROLE", num_args = 0..=1, default_missing_value = "")]
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
    #[arg(long, value_name = "URL", env = "STANCE_CLOUD_ENDPOINT", value_parser = endpoint)]
    endpoint: Option<String>,
    /// Keep every exchange in this file, without keys, signatures, tokens and secrets, for `stance replay`.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

/// An address to which signed requests may go: over TLS, or within this machine.
fn endpoint(text: &str) -> Result<String, String> {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let is_local = local.iter().any(|start| {
        let rest = text.strip_prefix(start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    });
    match is_local || text.starts_with("https://") {
        true => Ok(text.trim_end_matches('/').to_owned()),
        false => Err("it begins with https://, or with http:// and names this machine".to_owned()),
    }
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

/// Collects what the checks of the catalogue read from the accounts of a provider into a snapshot at `path`.
pub(crate) fn collect(
    provider: Provider,
    args: &CollectArgs,
    catalog: &Catalog,
    path: &Path,
) -> anyhow::Result<Collected> {
    let options = args.options()?;
    let network = Network::new(options.timeout, options.instead.clone());
    let Some(record) = &args.record else {
        return collect_by(&network, provider, args, &options, catalog, path);
    };
    let recorder = Recorder::create(&network, record)?;
    let collected = collect_by(&recorder, provider, args, &options, catalog, path);
    recorder.finish()?;
    collected
}

fn collect_by(
    transport: &dyn Transport,
    provider: Provider,
    args: &CollectArgs,
    options: &Options,
    catalog: &Catalog,
    path: &Path,
) -> anyhow::Result<Collected> {
    let calls = catalog.provider_calls(provider);
    let calls = calls.with_context(|| format!("accounts of {provider} are not read"))?;
    let mut surroundings = Surroundings::of_process();
    surroundings.profile.clone_from(&args.profile);
    let keys = keys_of(provider, &surroundings).map_err(|failure| told(&failure))?;
    let hosts = hosts_of(provider, &surroundings).map_err(|failure| told(&failure))?;
    let calls = moved_lookups(calls, &hosts);
    let wanted = Wanted::of(catalog, provider, &args.types)?;
    let collections = wanted.collections.iter().map(|c| moved(c, &hosts));
    let collections: Vec<Collection> = collections.collect();
    let clock = Clock::System;
    let producer = concat!("stance ", env!("CARGO_PKG_VERSION"));
    let visit = Visitor {
        args,
        calls: &calls,
        options,
        transport,
        wanted: Wanted {
            collections: collections.iter().collect(),
            calls: wanted.calls,
        },
        file: SnapshotFile::new(Writer::create(path, clock.now(), producer)?),
        clock,
        cancel: cancelled_by_ctrl_c(),
    };
    visit.organisation(&*keys)?;
    visit.file.finish()
}

struct Visitor<'v> {
    args: &'v CollectArgs,
    calls: &'v ProviderCalls,
    options: &'v Options,
    transport: &'v dyn Transport,
    wanted: Wanted<'v>,
    file: SnapshotFile,
    clock: Clock,
    cancel: Arc<AtomicBool>,
}

/// The keys of a member, assumed anew whenever they ran out.
struct Assumed<'a> {
    hub: &'a Session<'a>,
    lookup: &'a Lookup,
    account: &'a str,
    role: &'a str,
}

impl KeySource for Assumed<'_> {
    fn fetch(&self) -> Result<Credential, Failure> {
        self.hub.assume(self.lookup, self.account, self.role)
    }
}

impl Visitor<'_> {
    fn session<'s>(&'s self, keys: &'s dyn KeySource) -> Session<'s> {
        Session::new(self.transport, keys, self.options, self.clock, &self.cancel)
    }

    /// The account of the keys, and the members of its organisation where they are wanted.
    fn organisation(&self, keys: &dyn KeySource) -> anyhow::Result<()> {
        let session = self.session(keys);
        let hub = session
            .identity(&self.calls.identity)
            .map_err(|failure| told(&failure).context("asking whose keys these are"))?;
        let regions = self
            .regions(&session, &hub.id)
            .map_err(|failure| told(&failure).context("asking for the account's regions"))?;
        self.unknown_region(&regions)?;
        self.account(&session, &hub, &regions)?;
        match &self.args.members {
            Some(role) => self.members(keys, &session, &hub, &regions, role),
            None => Ok(()),
        }
    }

    /// The other accounts. One that cannot be entered ends with coverage that says so; the others go on.
    fn members(
        &self,
        keys: &dyn KeySource,
        session: &Session<'_>,
        hub: &Account,
        regions: &[Region],
        role: &str,
    ) -> anyhow::Result<()> {
        let lookup = self.calls.members.as_ref();
        let lookup = lookup.context("this provider's organisations are not read")?;
        let members = session
            .members(lookup)
            .map_err(|failure| told(&failure).context("asking for the organisation's accounts"))?;
        for member in members.iter().filter(|member| member.id != hub.id) {
            match &self.calls.assume {
                Some(_) if role.is_empty() => bail!("`--members` takes the name of a role"),
                Some(lookup) => {
                    let keys = Assumed {
                        hub: session,
                        lookup,
                        account: &member.id,
                        role,
                    };
                    self.member(&keys, member, regions)?;
                }
                None => self.member(keys, member, regions)?,
            }
        }
        Ok(())
    }

    /// An account with its own regions; where it does not tell them, with those of the first.
    fn member(
        &self,
        keys: &dyn KeySource,
        member: &Account,
        regions: &[Region],
    ) -> anyhow::Result<()> {
        let session = self.session(keys);
        match self.regions(&session, &member.id) {
            Ok(own) => self.account(&session, member, &own),
            Err(_) => self.account(&session, member, regions),
        }
    }

    fn regions(&self, session: &Session<'_>, account: &str) -> Result<Vec<Region>, Failure> {
        let named = |id: &String| Region {
            id: id.clone(),
            project: String::new(),
        };
        let Some(lookup) = &self.calls.regions else {
            return Ok(self.args.region.iter().map(named).collect());
        };
        let mut found = session.regions(lookup, account)?;
        if !self.args.region.is_empty() {
            found.retain(|region| self.args.region.contains(&region.id));
        }
        Ok(found)
    }

    /// A region that is misspelt must not end as an empty account.
    fn unknown_region(&self, regions: &[Region]) -> anyhow::Result<()> {
        let known = |id: &&String| regions.iter().any(|region| region.id == **id);
        match self.args.region.iter().find(|id| !known(id)) {
            Some(id) => bail!("the account has no region `{id}`"),
            None => Ok(()),
        }
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
        });
        let plan = Plan {
            account: &account.id,
            regions,
            only: !self.args.region.is_empty(),
            collections: &self.wanted.collections,
            wanted: &self.wanted.calls,
        };
        let bar = TypeBar::new(&account.id);
        Ok(session.collect(&plan, &bar, &self.file)?)
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
