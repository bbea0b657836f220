//! HTTP/1.1 as far as a replay needs it: requests with a length, answers with a length, connections that stay.

use std::io::{self, BufRead, Read, Write};

use crate::live::answer::Answer;
use crate::live::build::decoded;
use crate::live::request::Request;

/// The most bytes of a line of a head.
const MAX_LINE: u64 = 32 << 10;

/// The most headers.
const MAX_HEADERS: usize = 100;

/// The most bytes of a body.
const MAX_BODY: u64 = 8 << 20;

/// The next request of a connection; none where there is no other.
///
/// # Errors
/// When the connection breaks or says something else.
pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let first = line(reader)?;
    if first.is_empty() {
        return Ok(None);
    }
    let mut parts = first.split(' ');
    let (Some(method), Some(target)) = (parts.next(), parts.next()) else {
        return Err(odd("no request line"));
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request {
        method: method.to_owned(),
        path: decoded(path).ok_or_else(|| odd("a path in no UTF-8"))?,
        query: pairs(query).ok_or_else(|| odd("a query in no UTF-8"))?,
        ..Request::default()
    };
    loop {
        let line = line(reader)?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        if request.headers.len() >= MAX_HEADERS {
            return Err(odd("too many headers"));
        }
        request.set(&name.to_ascii_lowercase(), value.trim());
    }
    request.host = request.header("host").unwrap_or_default().to_owned();
    request.body = body(reader, request.header("content-length"))?;
    Ok(Some(request))
}

fn body(reader: &mut impl BufRead, length: Option<&str>) -> io::Result<Vec<u8>> {
    let length: u64 = length
        .unwrap_or("0")
        .parse()
        .map_err(|_| odd("no length"))?;
    if length > MAX_BODY {
        return Err(odd("a body that is too long"));
    }
    let mut body = Vec::new();
    io::copy(&mut reader.take(length), &mut body)?;
    match body.len() as u64 == length {
        true => Ok(body),
        false => Err(odd("a body that ends early")),
    }
}

fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader
        .by_ref()
        .take(MAX_LINE)
        .read_until(b'\n', &mut bytes)?;
    let text = String::from_utf8(bytes).map_err(|_| odd("a head in no UTF-8"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn pairs(query: &str) -> Option<Vec<(String, String)>> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((decoded(name)?, decoded(value)?))
    };
    pairs.map(pair).collect()
}

fn odd(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

/// The answer as it goes over the wire.
pub(super) fn bytes(answer: &Answer) -> Vec<u8> {
    let mut out = format!("HTTP/1.1 {} Replay\r\n", answer.status).into_bytes();
    for (name, value) in &answer.headers {
        let plain = |text: &str| !text.contains(['\r', '\n']);
        if plain(name) && plain(value) {
            out.extend(format!("{name}: {value}\r\n").into_bytes());
        }
    }
    out.extend(format!("content-length: {}\r\n\r\n", answer.body.len()).into_bytes());
    out.extend(&answer.body);
    out
}

/// Writes an answer.
///
/// # Errors
/// When the connection breaks.
pub(super) fn write(writer: &mut impl Write, answer: &Answer) -> io::Result<()> {
    writer.write_all(&bytes(answer))?;
    writer.flush()
}
