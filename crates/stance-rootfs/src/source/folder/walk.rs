//! Going over a folder, directories before what is in them.

use std::collections::HashMap;
use std::ffi::{CStr, CString};
use std::ops::ControlFlow;
use std::os::fd::OwnedFd;

use rustix::fs::{FileType, OFlags, Stat};
use rustix::io::Errno;
use stance_model::{Reason, ReasonKind};

use super::dir::Names;
use super::file::{give, unread};
use super::ids::IdMap;
use super::open::{open, stat};
use crate::source::{Found, FoundKind, TreeSink};

/// How deep folders may be nested; each level holds two handles.
const DEPTH: usize = 200;
/// The most files with several names whose first name is remembered; of further ones each name is read.
const LINKED: usize = 100_000;

/// Goes over everything below `root`. What may not be read is told to the sink and the walk goes on; what vanishes
/// meanwhile was not there.
///
/// # Errors
/// The reason for which the sink ended the walk, or why not even the root can be read.
pub(crate) fn walk(root: &OwnedFd, ids: &IdMap, sink: &mut dyn TreeSink) -> Result<(), Reason> {
    let whole = |e| unread("/", e);
    let stat = rustix::fs::fstat(root).map_err(whole)?;
    let mut walk = Walk {
        dev: stat.st_dev,
        ids,
        sink,
        path: Vec::new(),
        linked: HashMap::new(),
        levels: vec![Level {
            names: Names::of(root).map_err(whole)?,
            dir: rustix::io::dup(root).map_err(whole)?,
            length: 0,
        }],
    };
    let found = walk.found(&stat, FoundKind::Dir, false);
    let walked = walk.sink.begin(&found.at(&[]));
    let walked = match walked {
        ControlFlow::Continue(()) => walk.all(),
        broken => broken,
    };
    match walked {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(reason) => Err(reason),
    }
}

struct Walk<'w> {
    /// The file system of the root, for kernels that cannot tell us of mount points.
    dev: u64,
    ids: &'w IdMap,
    sink: &'w mut dyn TreeSink,
    /// The path of what is looked at.
    path: Vec<u8>,
    /// The first names of files that have several, by device and inode.
    linked: HashMap<(u64, u64), Vec<u8>>,
    levels: Vec<Level>,
}

/// A folder that is being gone over.
struct Level {
    dir: OwnedFd,
    names: Names,
    /// The bytes of its path.
    length: usize,
}

/// An entry but for its path.
struct Unplaced<'a>(Found<'a>);

impl<'a> Unplaced<'a> {
    fn at(&self, path: &'a [u8]) -> Found<'a> {
        Found { path, ..self.0 }
    }
}

impl Walk<'_> {
    fn all(&mut self) -> ControlFlow<Reason> {
        while let Some(level) = self.levels.last_mut() {
            self.path.truncate(level.length);
            match level.names.next() {
                None => drop(self.levels.pop()),
                Some(Err(e)) => {
                    let reason = unread(&self.shown(), e);
                    self.levels.pop();
                    self.sink.unread(&self.path, reason)?;
                }
                Some(Ok(name)) => self.entry(&name)?,
            }
        }
        ControlFlow::Continue(())
    }

    fn entry(&mut self, name: &CStr) -> ControlFlow<Reason> {
        if !self.path.is_empty() {
            self.path.push(b'/');
        }
        self.path.extend_from_slice(name.to_bytes());
        let Some(level) = self.levels.last() else {
            return ControlFlow::Continue(());
        };
        let stat = match stat(&level.dir, name) {
            Ok(stat) => stat,
            Err(Errno::NOENT) => return ControlFlow::Continue(()),
            Err(e) => return self.sink.unread(&self.path, unread(&self.shown(), e)),
        };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => self.dir(name, &stat),
            FileType::RegularFile => self.file(name, &stat),
            FileType::Symlink => self.link(name, &stat),
            _ => {
                let found = self.found(&stat, FoundKind::Special, false);
                self.sink.begin(&found.at(&self.path))
            }
        }
    }

    fn dir(&mut self, name: &CStr, stat: &Stat) -> ControlFlow<Reason> {
        let found = self.found(stat, FoundKind::Dir, false);
        self.sink.begin(&found.at(&self.path))?;
        if self.levels.len() >= DEPTH {
            let message = format!("{}: folders are nested deeper than {DEPTH}", self.shown());
            return self
                .sink
                .unread(&self.path, Reason::new(ReasonKind::Budget, message));
        }
        let opened = self.open(name, OFlags::DIRECTORY);
        let level = opened.and_then(|dir| {
            Ok(Level {
                names: Names::of(&dir)?,
                dir,
                length: self.path.len(),
            })
        });
        match level {
            Ok(level) => self.levels.push(level),
            // A mount point is an empty folder of this file system; what vanished or became something else is none.
            Err(Errno::XDEV | Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => {}
            Err(e) => self.sink.unread(&self.path, unread(&self.shown(), e))?,
        }
        ControlFlow::Continue(())
    }

    fn file(&mut self, name: &CStr, stat: &Stat) -> ControlFlow<Reason> {
        let several = stat.st_nlink > 1;
        let id = (stat.st_dev, stat.st_ino);
        if let Some(first) = self.linked.get(&id).filter(|_| several) {
            let found = self.found(stat, FoundKind::HardLink(first), false);
            return self.sink.begin(&found.at(&self.path));
        }
        let opened = self.open(name, OFlags::empty()).and_then(|file| {
            let stat = rustix::fs::fstat(&file)?;
            Ok((file, stat))
        });
        let (file, stat) = match opened {
            Ok(opened) => opened,
            Err(Errno::NOENT | Errno::LOOP) => return ControlFlow::Continue(()),
            Err(e) => {
                let found = self.found(stat, FoundKind::File, false);
                self.sink.begin(&found.at(&self.path))?;
                return self.sink.end(Err(unread(&self.shown(), e)));
            }
        };
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            let found = self.found(&stat, FoundKind::Special, false);
            return self.sink.begin(&found.at(&self.path));
        }
        if several && self.linked.len() < LINKED {
            self.linked.insert(id, self.path.clone());
        }
        let found = self.found(&stat, FoundKind::File, has_capabilities(&file, &stat));
        self.sink.begin(&found.at(&self.path))?;
        let outcome = give(&file, &stat, &self.shown(), self.sink)?;
        self.sink.end(outcome)
    }

    fn link(&mut self, name: &CStr, stat: &Stat) -> ControlFlow<Reason> {
        let Some(level) = self.levels.last() else {
            return ControlFlow::Continue(());
        };
        let target = match rustix::fs::readlinkat(&level.dir, name, Vec::new()) {
            Ok(target) => CString::into_bytes(target),
            Err(Errno::NOENT | Errno::INVAL) => return ControlFlow::Continue(()),
            Err(e) => return self.sink.unread(&self.path, unread(&self.shown(), e)),
        };
        let found = self.found(stat, FoundKind::Link(&target), false);
        self.sink.begin(&found.at(&self.path))
    }

    fn open(&self, name: &CStr, flags: OFlags) -> Result<OwnedFd, Errno> {
        let level = self.levels.last().ok_or(Errno::NOENT)?;
        open(&level.dir, name, flags, self.dev)
    }

    fn found<'a>(&self, stat: &Stat, kind: FoundKind<'a>, capabilities: bool) -> Unplaced<'a> {
        Unplaced(Found {
            path: &[],
            kind,
            mode: stat.st_mode & 0o7777,
            uid: self.ids.user(u64::from(stat.st_uid)),
            gid: self.ids.group(u64::from(stat.st_gid)),
            size: u64::try_from(stat.st_size).unwrap_or_default(),
            capabilities,
        })
    }

    fn shown(&self) -> String {
        format!("/{}", String::from_utf8_lossy(&self.path))
    }
}

/// Whether an executable file has file capabilities.
fn has_capabilities(file: &OwnedFd, stat: &Stat) -> bool {
    if stat.st_mode & 0o111 == 0 {
        return false;
    }
    let mut value = [0; 64];
    rustix::fs::fgetxattr(file, c"security.capability", &mut value).is_ok_and(|length| length > 0)
}
