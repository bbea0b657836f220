//! `stance serve`: answer the API.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use stance_aliyun::{Options, ServeLimits};
use stance_model::Clock;
use stance_service::Service;
use tokio::net::TcpListener;

use crate::output;
use crate::scanner::{ReadingArgs, RegistryArgs, ServedScanner, Settings};
use crate::session::{StoreArgs, block_on};

/// Where the API listens unless told otherwise.
pub(crate) const LISTEN: &str = "127.0.0.1:8723";

/// Answers the API of Alibaba Cloud Security Center (2018-12-03) from the stored results.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stance serve
  stance serve --listen 0.0.0.0:8723 --db postgres://stance@db.example/stance

It speaks plain HTTP. Put a proxy with TLS before it wherever the network is not yours: requests are signed, answers are
not encrypted.")]
pub(crate) struct Args {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, env = "STANCE_LISTEN", default_value = LISTEN, value_name = "ADDR")]
    listen: SocketAddr,
    /// A registry, by its host, whose images PublicCreateImageScanTask may scan. May be given several times; without
    /// any, no request makes this server contact another.
    #[arg(long = "registry", value_name = "HOST")]
    registries: Vec<String>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) fn serve(args: &Args) -> anyhow::Result<ExitCode> {
    block_on(async {
        let session = args.store.open(Clock::System).await?;
        session.service.recover().await?;
        let settings = Settings::new(&args.reading, &args.registry, &session.catalog)?;
        let scanner = ServedScanner::new(settings, args.registries.clone());
        let service = session.service.with_image_scanner(Arc::new(scanner));
        let (listener, address) = listen(args.listen).await?;
        output::print(&format!("listening on http://{address}"))?;
        run(service, listener).await
    })
}

/// Takes the address.
pub(crate) async fn listen(address: SocketAddr) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let taking = || format!("listening on {address}; choose another with `--listen HOST:PORT`");
    let listener = TcpListener::bind(address).await.with_context(taking)?;
    let address = listener.local_addr().with_context(taking)?;
    Ok((listener, address))
}

/// Answers until the process is told to stop, then lets running requests end.
pub(crate) async fn run(service: Service, listener: TcpListener) -> anyhow::Result<ExitCode> {
    let router = stance_aliyun::router(service.clone(), Options::default());
    stance_aliyun::serve(listener, router, ServeLimits::default(), stopped()).await?;
    service.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ended = interrupted.await;
}
