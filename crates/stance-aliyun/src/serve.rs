//! The listening socket, bounded: connections, header bytes, and the time that headers may take. What a router can
//! bound, it bounds itself; this is what happens before one sees a request.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

/// The bounds of a listening socket.
#[derive(Debug, Clone)]
pub struct ServeLimits {
    /// How many connections may be open; further ones wait to be accepted.
    pub connections: usize,
    /// How long the headers of a request may take, from an idle connection on.
    pub header_timeout: Duration,
    /// How many bytes the request line and the headers may have together.
    pub header_bytes: usize,
    /// How many headers a request may have.
    pub headers: usize,
    /// How long running requests may take to end once the server is told to stop.
    pub drain: Duration,
}

impl Default for ServeLimits {
    fn default() -> Self {
        Self {
            connections: 512,
            header_timeout: Duration::from_secs(15),
            header_bytes: 128 << 10,
            headers: 100,
            drain: Duration::from_secs(10),
        }
    }
}

/// Serves `router` over HTTP/1.1 on `listener` until `stop` is done, then lets running requests end.
///
/// # Errors
/// None so far: a failed accept is logged and tried again.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ServeLimits,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let server = Server {
        builder: builder(&limits),
        graceful: GracefulShutdown::new(),
        service: TowerToHyperService::new(router),
        places: Arc::new(Semaphore::new(limits.connections)),
    };
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            (stream, place) = server.accept(&listener) => server.spawn(stream, place),
        }
    }
    drop(listener);
    if timeout(limits.drain, server.graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not end in time and were cut off");
    }
    Ok(())
}

fn builder(limits: &ServeLimits) -> Builder {
    let mut builder = Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(limits.header_bytes)
        .max_headers(limits.headers);
    builder
}

struct Server {
    builder: Builder,
    graceful: GracefulShutdown,
    service: TowerToHyperService<Router>,
    places: Arc<Semaphore>,
}

impl Server {
    /// The next connection, once there is a place for it.
    async fn accept(&self, listener: &TcpListener) -> (TcpStream, Option<OwnedSemaphorePermit>) {
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        loop {
            match listener.accept().await {
                Ok((stream, _)) => return (stream, place),
                Err(error) => {
                    // Most often too many open files: connections that end will free some.
                    tracing::warn!(%error, "a connection could not be accepted: {error}");
                    sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn spawn(&self, stream: TcpStream, place: Option<OwnedSemaphorePermit>) {
        let connection = self
            .builder
            .serve_connection(TokioIo::new(stream), self.service.clone());
        let connection = self.graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = %error, "a connection ended badly: {error}");
            }
            drop(place);
        });
    }
}

#[cfg(test)]
mod tests;
