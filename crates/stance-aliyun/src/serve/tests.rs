//! The socket's bounds, over real connections.

use std::net::SocketAddr;

use axum::extract::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;

/// Answers the bytes of `Host`, after a moment for `/slow`.
async fn host(request: Request) -> Vec<u8> {
    if request.uri().path() == "/slow" {
        sleep(Duration::from_millis(300)).await;
    }
    request
        .headers()
        .get("host")
        .map(|v| v.as_bytes().to_vec())
        .unwrap_or_default()
}

async fn start(
    limits: ServeLimits,
) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let router = Router::new().fallback(host);
    let server = serve(listener, router, limits, async move {
        stopped.await.unwrap_or_default();
    });
    (address, stop, tokio::spawn(server))
}

async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A connection that the server resets has nothing more to say.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_host_that_is_a_url_reaches_the_router_as_it_came() {
    let (address, _stop, _server) = start(ServeLimits::default()).await;
    for host in [
        "http://127.0.0.1:18999",
        "127.0.0.1:18999/",
        "127.0.0.1:18999/ali",
        "127.0.0.1",
    ] {
        let answer = exchange(
            address,
            &format!("POST /ali/ HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"),
        )
        .await;
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.ends_with(&format!("\r\n\r\n{host}")),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn headers_that_take_too_long_end_the_connection() {
    let limits = ServeLimits {
        header_timeout: Duration::from_millis(200),
        ..ServeLimits::default()
    };
    let (address, _stop, _server) = start(limits).await;
    let answer = timeout(
        Duration::from_secs(5),
        exchange(address, "POST / HTTP/1.1\r\nhost: a\r\n"),
    )
    .await;
    assert!(!answer.unwrap().starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn headers_that_are_too_large_or_too_many_are_refused() {
    let (address, _stop, _server) = start(ServeLimits::default()).await;
    let large = format!(
        "POST / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n",
        "a".repeat(200 << 10)
    );
    assert!(!exchange(address, &large).await.starts_with("HTTP/1.1 200"));
    let many = format!(
        "POST / HTTP/1.1\r\nhost: a\r\n{}\r\n",
        "x: y\r\n".repeat(200)
    );
    assert!(exchange(address, &many).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn further_connections_wait_for_a_place() {
    let (address, _stop, _server) = start(ServeLimits {
        connections: 1,
        ..ServeLimits::default()
    })
    .await;
    let held = TcpStream::connect(address).await.unwrap();
    let request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    assert!(
        timeout(Duration::from_millis(200), exchange(address, request))
            .await
            .is_err()
    );
    drop(held);
    assert!(
        timeout(Duration::from_secs(5), exchange(address, request))
            .await
            .unwrap()
            .starts_with("HTTP/1.1 200")
    );
}

#[tokio::test]
async fn a_running_request_ends_before_the_server_does() {
    let (address, stop, server) = start(ServeLimits::default()).await;
    let slow =
        tokio::spawn(
            async move { exchange(address, "GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await },
        );
    sleep(Duration::from_millis(100)).await;
    stop.send(()).unwrap();
    assert!(slow.await.unwrap().starts_with("HTTP/1.1 200"));
    server.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
