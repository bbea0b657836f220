//! The content of one file.

use std::ops::ControlFlow;
use std::os::fd::OwnedFd;

use rustix::fs::{SeekFrom, Stat};
use rustix::io::Errno;
use stance_model::{Reason, ReasonKind};

use crate::source::TreeSink;

/// The bytes that are read at a time.
const PIECE: usize = 128 << 10;
/// From this size on it is looked whether a file has holes: `lastlog` may have a terabyte of them.
const MAY_HAVE_HOLES: u64 = 1 << 20;
/// The bytes that stand for a hole.
const HOLE: [u8; 512] = [0; 512];

/// Gives a file's content to the sink, as much of it as there was when it was opened; its end comes from the caller.
pub(super) fn give(
    file: &OwnedFd,
    stat: &Stat,
    shown: &str,
    sink: &mut dyn TreeSink,
) -> ControlFlow<Reason, Result<(), Reason>> {
    let size = u64::try_from(stat.st_size).unwrap_or_default();
    let blocks = u64::try_from(stat.st_blocks).unwrap_or_default();
    let holes = size >= MAY_HAVE_HOLES && blocks.saturating_mul(512) < size;
    let mut piece = vec![0; PIECE];
    let mut at = 0;
    while at < size {
        let end = if holes {
            let (data, end) = data_from(file, at, size);
            if data > at {
                sink.data(&HOLE)?;
                at = data;
            }
            end
        } else {
            size
        };
        while at < end {
            let wanted = usize::try_from(end - at).map_or(PIECE, |left| left.min(PIECE));
            let buffer = piece.get_mut(..wanted).unwrap_or_default();
            let read = match rustix::io::pread(file, buffer, at) {
                Err(Errno::INTR) => continue,
                Err(e) => return ControlFlow::Continue(Err(unread(shown, e))),
                Ok(0) => return ControlFlow::Continue(Ok(())),
                Ok(read) => read,
            };
            sink.data(piece.get(..read).unwrap_or_default())?;
            at = at.saturating_add(read as u64);
        }
    }
    ControlFlow::Continue(Ok(()))
}

/// The next data from a place on: where it begins and ends. Where the file system does not know, all is data.
fn data_from(file: &OwnedFd, at: u64, size: u64) -> (u64, u64) {
    match rustix::fs::seek(file, SeekFrom::Data(at)) {
        Ok(data) => {
            let end = rustix::fs::seek(file, SeekFrom::Hole(data)).unwrap_or(size);
            // The file may have become shorter or longer meanwhile.
            (data.clamp(at, size), end.clamp(at.saturating_add(1), size))
        }
        // No data follows.
        Err(Errno::NXIO) => (size, size),
        Err(_) => (at, size),
    }
}

/// Why something of the folder could not be read.
pub(super) fn unread(shown: &str, error: Errno) -> Reason {
    let kind = match error {
        Errno::ACCESS | Errno::PERM => ReasonKind::NoPermission,
        Errno::NOENT | Errno::STALE => ReasonKind::NotFound,
        Errno::XDEV => ReasonKind::NotCollected,
        Errno::MFILE | Errno::NFILE | Errno::NOMEM => ReasonKind::Budget,
        _ => ReasonKind::Unavailable,
    };
    let why = match error {
        Errno::XDEV => "it lies on another file system, which is not looked into".to_owned(),
        error => error.to_string(),
    };
    Reason::new(kind, format!("{shown}: {why}"))
}
