//! The server of a replay: verifies, looks up, breaks what it is told to break.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use stance_model::Clock;
use stance_model::operation::{Api, CallSpec, Collection, Lookup, Page, ProviderCalls, Style};

use super::exchange::Exchange;
use super::fault::{Fault, FaultRule, changed};
use super::forms::{About, failure, told};
use super::library::Library;
use super::operation::{Known, action, find};
use super::redact::REDACTED;
use super::verify::{Refusal, verify};
use super::{http, paging};
use crate::live::answer::Answer;
use crate::live::credential::Credential;
use crate::live::request::Request;

/// The most connections at a time.
const MAX_CONNECTIONS: usize = 512;

/// How long an answer that hangs takes.
const HANG: Duration = Duration::from_secs(60);

/// How a replay answers.
#[derive(Debug, Default)]
pub struct ReplayOptions {
    /// The keys that there are, besides those that recordings hand out.
    pub keys: Vec<Credential>,
    /// What goes wrong.
    pub faults: Vec<FaultRule>,
    /// The most elements of a page; none: listings are answered as they were recorded.
    pub page: Option<usize>,
    /// Whether a request that was not recorded has the answer to another one of the same operation.
    pub similar: bool,
    /// Where each request is noted.
    pub log: Option<File>,
}

/// A server that answers from recorded exchanges.
pub struct Replay {
    known: Vec<Known>,
    library: Library,
    options: ReplayOptions,
    log: Mutex<Option<File>>,
    clock: Clock,
    flying: AtomicUsize,
    open: AtomicUsize,
}

/// What becomes of a request.
enum Reply {
    Answer(Answer),
    Slow(Answer),
    Hang,
    Reset,
}

impl Replay {
    /// A server over these exchanges, which knows the calls of the catalogue.
    #[must_use]
    pub fn new<'c>(
        exchanges: &[Exchange],
        collections: impl IntoIterator<Item = &'c Collection>,
        providers: impl IntoIterator<Item = &'c ProviderCalls>,
        mut options: ReplayOptions,
        clock: Clock,
    ) -> Self {
        let known = known(collections, providers);
        let library = Library::new(exchanges, &known, options.page);
        let recorded = Credential::new(REDACTED, REDACTED, Some(REDACTED.to_owned()));
        options.keys.push(recorded);
        Self {
            known,
            library,
            log: Mutex::new(options.log.take()),
            options,
            clock,
            flying: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
        }
    }

    /// Answers whoever connects, for as long as the process lives.
    ///
    /// # Errors
    /// When the listener breaks.
    pub fn serve(self: Arc<Self>, listener: &TcpListener) -> io::Result<()> {
        loop {
            let (stream, _) = listener.accept()?;
            if self.open.fetch_add(1, Ordering::Relaxed) >= MAX_CONNECTIONS {
                self.open.fetch_sub(1, Ordering::Relaxed);
                continue;
            }
            let server = Arc::clone(&self);
            std::thread::Builder::new().spawn(move || {
                // A connection that breaks is the other side's affair.
                let _broken = server.connection(&stream);
                server.open.fetch_sub(1, Ordering::Relaxed);
            })?;
        }
    }

    fn connection(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream);
        let mut writer = stream;
        while let Some(request) = http::read(&mut reader)? {
            let flying = self.flying.fetch_add(1, Ordering::Relaxed) + 1;
            let reply = self.reply(&request);
            self.note(&request, &reply, flying);
            let sent = send(&mut writer, reply);
            self.flying.fetch_sub(1, Ordering::Relaxed);
            if !sent? {
                return Ok(());
            }
        }
        Ok(())
    }

    fn reply(&self, request: &Request) -> Reply {
        let known = find(&self.known, request);
        let style = known.map_or_else(|| style(request), |known| known.api.style);
        if let Err(refusal) = verify(request, &self.options.keys, self.clock.now()) {
            let about = match refusal {
                Refusal::UnknownKey => About::Key,
                Refusal::Signature => About::Signature,
                Refusal::Clock => About::Clock,
            };
            return Reply::Answer(failure(style, told(style, about)));
        }
        let name = action(request).unwrap_or_else(|| request.path.clone());
        // Every rule counts, the first that hits decides.
        let mut hit = None;
        for rule in &self.options.faults {
            if rule.hits(&name, request) {
                hit = hit.or(Some(rule));
            }
        }
        match hit {
            None => Reply::Answer(self.right(request, known, style)),
            Some(rule) => self.wrong(rule, request, known, style),
        }
    }

    /// The answer that was recorded.
    fn right(&self, request: &Request, known: Option<&Known>, style: Style) -> Answer {
        let found = self.library.answer(request, known, self.options.similar);
        found.unwrap_or_else(|| failure(style, told(style, About::NotRecorded)))
    }

    fn wrong(
        &self,
        rule: &FaultRule,
        request: &Request,
        known: Option<&Known>,
        style: Style,
    ) -> Reply {
        match rule.fault() {
            Fault::Hang => return Reply::Hang,
            Fault::Reset => return Reply::Reset,
            Fault::Slow => return Reply::Slow(self.right(request, known, style)),
            _ => {}
        }
        if let Some(answer) = rule.instead(style) {
            return Reply::Answer(answer);
        }
        let right = match (rule.fault(), known.and_then(paging::of)) {
            (Fault::RepeatCursor, Some(page)) => {
                self.right(&first_page(request, page), known, style)
            }
            _ => self.right(request, known, style),
        };
        Reply::Answer(changed(rule.fault(), known, right))
    }

    fn note(&self, request: &Request, reply: &Reply, flying: usize) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(log) = log.as_mut() else {
            return;
        };
        let status = match reply {
            Reply::Answer(answer) | Reply::Slow(answer) => answer.status,
            Reply::Hang | Reply::Reset => 0,
        };
        let line = json!({
            "at": self.clock.now().as_millisecond(),
            "action": action(request).unwrap_or_else(|| request.path.clone()),
            "host": request.host,
            "status": status,
            "in_flight": flying,
        });
        // A log that cannot be written is no reason to answer otherwise.
        let _lost = writeln!(log, "{line}");
    }
}

/// Sends a reply; whether the connection goes on.
fn send(writer: &mut impl Write, reply: Reply) -> io::Result<bool> {
    match reply {
        Reply::Answer(answer) => http::write(writer, &answer).map(|()| true),
        Reply::Slow(answer) => {
            for byte in http::bytes(&answer) {
                writer.write_all(&[byte])?;
                writer.flush()?;
                std::thread::sleep(Duration::from_millis(50));
            }
            Ok(true)
        }
        Reply::Hang => {
            std::thread::sleep(HANG);
            Ok(false)
        }
        Reply::Reset => Ok(false),
    }
}

/// The style of a request that no call of the catalogue is like.
fn style(request: &Request) -> Style {
    let word = request.header("authorization").unwrap_or_default();
    match word.split(' ').next() {
        Some("OSS4-HMAC-SHA256") => Style::Oss,
        Some("OBS") => Style::Obs,
        Some("LOG") => Style::Sls,
        Some("TC3-HMAC-SHA256") => Style::Tc3,
        Some("SDK-HMAC-SHA256") => Style::Huawei,
        Some("AWS4-HMAC-SHA256") => Style::AwsQuery,
        Some("Bearer") => Style::Arm,
        _ => Style::Rpc,
    }
}

/// The request as it would be for the first page.
fn first_page(request: &Request, page: &Page) -> Request {
    let mut first = request.clone();
    if let Page::Token { param, .. } = page {
        first.query.retain(|(name, _)| name != param);
    }
    if let Page::Number {
        param, first: n, ..
    } = page
    {
        for (name, value) in &mut first.query {
            if name == param {
                *value = n.to_string();
            }
        }
    }
    first
}

fn known<'c>(
    collections: impl IntoIterator<Item = &'c Collection>,
    providers: impl IntoIterator<Item = &'c ProviderCalls>,
) -> Vec<Known> {
    let mut all = Vec::new();
    let mut add = |api: &Api, call: &CallSpec| {
        all.push(Known {
            api: call.api.as_ref().unwrap_or(api).clone(),
            call: call.clone(),
        });
    };
    for collection in collections {
        for call in collection.parents.iter().chain(&collection.calls) {
            add(&collection.api, call);
        }
    }
    for provider in providers {
        let others = [&provider.regions, &provider.members, &provider.assume];
        let lookups = others.into_iter().flatten();
        for Lookup { call, api, .. } in lookups.chain([&provider.identity]) {
            add(api, call);
        }
    }
    all
}
