//! Reading a layer: as a stream, going on where it broke.

use std::io::{self, Read};

use ureq::BodyReader;

use super::failure::{Failure, FailureKind};
use super::http::Answer;
use super::session::{Pace, Session};

/// The bytes after which a broken stream is taken to have made progress, so that its attempts are counted anew.
const PROGRESS: u64 = 1 << 20;
/// How often a stream is taken up again in all.
const RESUMES: u32 = 100;

/// The blob of a layer.
pub(super) struct BlobReader<'s, 'c> {
    session: &'s Session<'c>,
    digest: String,
    /// Its size as the manifest says; none: until its end.
    size: Option<u64>,
    /// The most bytes where the manifest says none.
    limit: u64,
    body: Option<BodyReader<'static>>,
    offset: u64,
    /// Attempts since the last progress, the offset of that progress, and how often it was taken up in all.
    attempts: u32,
    progress: u64,
    resumes: u32,
    pace: Pace,
}

impl<'s, 'c> BlobReader<'s, 'c> {
    /// Begins to read a blob.
    pub(super) fn open(
        session: &'s Session<'c>,
        digest: &str,
        size: Option<u64>,
        limit: u64,
    ) -> Result<Self, Failure> {
        let answer = session.get("blobs", digest, "*/*", 0)?;
        Ok(Self {
            session,
            digest: digest.to_owned(),
            size,
            limit,
            body: Some(answer.body.into_reader()),
            offset: 0,
            attempts: 1,
            progress: 0,
            resumes: 0,
            pace: Pace::start(),
        })
    }

    /// One read; at the end of the body, whether it is the blob's.
    fn step(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let Some(body) = &mut self.body else {
            return Err(Failure::new(FailureKind::Network, "the stream is over"));
        };
        let read = body.read(buffer).map_err(|e| Failure::of_io(&e))?;
        if read == 0 {
            return match self.size {
                Some(size) if self.offset < size => Err(Failure::new(
                    FailureKind::Network,
                    format!("the stream ended after {} of {size} bytes", self.offset),
                )),
                _ => Ok(0),
            };
        }
        self.offset = self.offset.saturating_add(read as u64);
        if self.offset > self.size.unwrap_or(self.limit) {
            return Err(Failure::bad("the blob is longer than the manifest says"));
        }
        self.pace.note(read as u64)?;
        Ok(read)
    }

    /// Takes the stream up where it broke.
    fn resume(&mut self, mut broken: Failure) -> Result<(), Failure> {
        self.body = None;
        if self.offset >= self.progress.saturating_add(PROGRESS) {
            (self.progress, self.attempts) = (self.offset, 1);
        }
        let most = self.session.http().options().attempts.max(1);
        while broken.may_pass() && self.attempts < most && self.resumes < RESUMES {
            self.session.http().pause(self.attempts, None)?;
            self.attempts += 1;
            self.resumes += 1;
            let answer = self.session.get("blobs", &self.digest, "*/*", self.offset);
            match answer.and_then(|answer| self.rest_of(answer)) {
                Ok(body) => {
                    self.body = Some(body);
                    self.pace = Pace::start();
                    return Ok(());
                }
                Err(failure) => broken = failure,
            }
        }
        Err(broken)
    }

    /// The rest of the blob; a server that gives it whole again is read up to there.
    fn rest_of(&self, answer: Answer) -> Result<BodyReader<'static>, Failure> {
        if answer.status == 206 {
            let range = answer.header("content-range").unwrap_or_default();
            let start = range
                .strip_prefix("bytes ")
                .and_then(|r| r.split('-').next());
            if start.and_then(|start| start.parse().ok()) != Some(self.offset) {
                return Err(Failure::bad(
                    "the answer is another part than was asked for",
                ));
            }
            return Ok(answer.body.into_reader());
        }
        let mut body = answer.body.into_reader();
        let skipped = io::copy(&mut (&mut body).take(self.offset), &mut io::sink());
        match skipped {
            Ok(skipped) if skipped == self.offset => Ok(body),
            Ok(_) => Err(Failure::new(FailureKind::Network, "the stream ended early")),
            Err(e) => Err(Failure::of_io(&e)),
        }
    }
}

impl Read for BlobReader<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty()
            || self
                .size
                .is_some_and(|size| size == self.offset && size == 0)
        {
            return Ok(0);
        }
        loop {
            match self.step(buffer) {
                Ok(read) => return Ok(read),
                Err(broken) => self.resume(broken).map_err(|failure| failure.io())?,
            }
        }
    }
}
