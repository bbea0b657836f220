//! Opening what is in a folder, one name at a time: no link is followed and no mount point crossed.

use std::ffi::CStr;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{Mode, OFlags, ResolveFlags, Stat};
use rustix::io::Errno;

/// How often an open is tried again that the kernel wants tried again.
const TRIES: usize = 16;

/// Whether this kernel, or what it is confined by, has no `openat2`.
static MISSING: AtomicBool = AtomicBool::new(false);

/// Opens one name of a folder for reading.
///
/// # Errors
/// `XDEV` for a mount point, `LOOP` for a link, and what else the system reports.
pub(super) fn open(dir: impl AsFd, name: &CStr, also: OFlags, dev: u64) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY
        | OFlags::NOFOLLOW
        | OFlags::NONBLOCK
        | OFlags::NOCTTY
        | OFlags::CLOEXEC
        | also;
    let dir = dir.as_fd();
    if !MISSING.load(Ordering::Relaxed) {
        let beneath = ResolveFlags::BENEATH
            | ResolveFlags::NO_SYMLINKS
            | ResolveFlags::NO_MAGICLINKS
            | ResolveFlags::NO_XDEV;
        for _ in 0..TRIES {
            match rustix::fs::openat2(dir, name, flags, Mode::empty(), beneath) {
                Err(Errno::AGAIN | Errno::INTR) => {}
                Err(Errno::NOSYS) => {
                    MISSING.store(true, Ordering::Relaxed);
                    tracing::info!(
                        "this kernel has no openat2; folders are walked name by name without it"
                    );
                    break;
                }
                other => return other,
            }
        }
    }
    // A single name, so that without openat2 the only links and mounts are the name itself.
    let opened = rustix::fs::openat(dir, name, flags, Mode::empty())?;
    if rustix::fs::fstat(&opened)?.st_dev != dev {
        return Err(Errno::XDEV);
    }
    Ok(opened)
}

/// What a name of a folder is, no link followed.
///
/// # Errors
/// What the system reports.
pub(super) fn stat(dir: impl AsFd, name: &CStr) -> Result<Stat, Errno> {
    rustix::fs::statat(dir, name, rustix::fs::AtFlags::SYMLINK_NOFOLLOW)
}
