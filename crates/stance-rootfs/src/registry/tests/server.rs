//! A registry in this process: serves what it is told, and remembers what it was asked.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
    /// How many requests for this path came before.
    pub(super) nth: usize,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// Writes an answer.
pub(super) type Writer = Box<dyn FnOnce(&mut dyn Write) + Send>;

/// An answer.
pub(super) enum Reply {
    Whole(u16, Vec<(String, String)>, Vec<u8>),
    /// Whatever is written to the connection, which is then closed.
    Raw(Writer),
}

impl Reply {
    pub(super) fn status(status: u16) -> Self {
        Self::Whole(status, Vec::new(), Vec::new())
    }

    pub(super) fn body(body: impl Into<Vec<u8>>) -> Self {
        Self::Whole(200, Vec::new(), body.into())
    }

    pub(super) fn with(self, name: &str, value: impl Into<String>) -> Self {
        match self {
            Self::Whole(status, mut headers, body) => {
                headers.push((name.to_owned(), value.into()));
                Self::Whole(status, headers, body)
            }
            raw => raw,
        }
    }

    pub(super) fn raw(write: impl FnOnce(&mut dyn Write) + Send + 'static) -> Self {
        Self::Raw(Box::new(write))
    }
}

pub(super) type Handler = Box<dyn Fn(&Seen) -> Reply + Send + Sync>;

/// A running server; it ends with the test's process.
pub(super) struct Server {
    pub(super) address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(super) fn start(handler: Handler) -> Self {
        Self::on(handler, None)
    }

    pub(super) fn with_tls(handler: Handler, tls: Arc<rustls::ServerConfig>) -> Self {
        Self::on(handler, Some(tls))
    }

    fn on(handler: Handler, tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, handler) = (Arc::clone(&seen), Arc::new(handler));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, handler, tls) = (Arc::clone(&log), Arc::clone(&handler), tls.clone());
                std::thread::spawn(move || connection(stream, &handler, &log, tls));
            }
        });
        Self { address, seen }
    }

    /// The requests so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The requests for paths that hold `part`.
    pub(super) fn seen_for(&self, part: &str) -> Vec<Seen> {
        self.seen()
            .into_iter()
            .filter(|seen| seen.path.contains(part))
            .collect()
    }
}

fn connection(
    stream: TcpStream,
    handler: &Handler,
    log: &Mutex<Vec<Seen>>,
    tls: Option<Arc<rustls::ServerConfig>>,
) {
    match tls {
        None => serve(stream, handler, log),
        Some(tls) => {
            let connection = rustls::ServerConnection::new(tls).unwrap();
            serve(rustls::StreamOwned::new(connection, stream), handler, log);
        }
    }
}

fn serve(stream: impl Read + Write, handler: &Handler, log: &Mutex<Vec<Seen>>) {
    let mut stream = BufReader::new(stream);
    let Some(mut seen) = request(&mut stream) else {
        return;
    };
    {
        let mut log = log.lock().unwrap();
        seen.nth = log.iter().filter(|other| other.path == seen.path).count();
        log.push(seen.clone());
    }
    let reply = handler(&seen);
    let stream = stream.get_mut();
    match reply {
        Reply::Raw(write) => write(stream),
        Reply::Whole(status, headers, body) => {
            let mut head = format!(
                "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n",
                body.len()
            );
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            let _ = stream.write_all(format!("{head}\r\n").as_bytes());
            let _ = stream.write_all(&body);
        }
    }
    let _ = stream.flush();
}

#[expect(
    clippy::disallowed_methods,
    reason = "our own client is on the other side"
)]
fn request(stream: &mut impl BufRead) -> Option<Seen> {
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split(' ');
    let mut seen = Seen {
        method: words.next()?.into(),
        path: words.next()?.into(),
        ..Seen::default()
    };
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            None => break,
            Some((name, value)) => drop(
                seen.headers
                    .insert(name.to_ascii_lowercase(), value.trim().into()),
            ),
        }
    }
    let length = seen.header("content-length").parse().unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    seen.body = String::from_utf8(body).ok()?;
    Some(seen)
}
