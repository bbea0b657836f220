//! The names in one folder.

use std::ffi::CString;
use std::os::fd::OwnedFd;

use rustix::fs::Dir;
use rustix::io::Errno;

/// The most names that are held at a time; a folder with more of them is gone over in parts.
const PART: usize = 50_000;

/// A folder that is being gone over.
pub(super) struct Names {
    dir: Dir,
    part: std::vec::IntoIter<CString>,
}

impl Names {
    /// The names of an open folder.
    pub(super) fn of(dir: &OwnedFd) -> Result<Self, Errno> {
        Ok(Self {
            dir: Dir::read_from(dir)?,
            part: Vec::new().into_iter(),
        })
    }

    /// The next name, in order within a part.
    pub(super) fn next(&mut self) -> Option<Result<CString, Errno>> {
        if let Some(name) = self.part.next() {
            return Some(Ok(name));
        }
        let mut names = Vec::new();
        while names.len() < PART {
            match self.dir.read() {
                None => break,
                Some(Err(e)) => return Some(Err(e)),
                Some(Ok(entry)) => {
                    let name = entry.file_name();
                    if name != c"." && name != c".." {
                        names.push(name.to_owned());
                    }
                }
            }
        }
        names.sort_unstable();
        self.part = names.into_iter();
        self.part.next().map(Ok)
    }
}
