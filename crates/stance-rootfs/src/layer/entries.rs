//! From the entries of an archive to the merger.

use std::ops::ControlFlow;

use stance_model::{Reason, ReasonKind};

use super::input::LayerInput;
use super::merge::{Merger, Oddity};
use super::name::{Inside, PATH_MAX, inside};
use super::tar::{Member, MemberKind, Piece, TarError, TarReader};
use crate::source::{Found, FoundKind, TreeSink};

/// Why the entries of a layer were not read to the end.
pub(super) enum Stop {
    /// The archive cannot be read on.
    Tar(TarError),
    /// The merger wants no more.
    Sink(Reason),
}

impl Stop {
    /// The reason.
    pub(super) fn reason(self) -> Reason {
        let error = match self {
            Self::Sink(reason) => return reason,
            Self::Tar(error) => error,
        };
        let kind = match error {
            TarError::Truncated => ReasonKind::Truncated,
            TarError::Limit(_) => ReasonKind::Budget,
            TarError::Corrupt(_) | TarError::Io(_) => ReasonKind::BadResponse,
        };
        Reason::new(kind, error.to_string())
    }
}

impl From<TarError> for Stop {
    fn from(error: TarError) -> Self {
        Self::Tar(error)
    }
}

fn go_on(flow: ControlFlow<Reason>) -> Result<(), Stop> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(reason) => Err(Stop::Sink(reason)),
    }
}

/// Gives all entries of an archive to the merger. Zeros of sparse files count only in files of at most `expand` bytes.
pub(super) fn entries(
    tar: &mut TarReader<LayerInput<'_>>,
    merger: &mut Merger<'_>,
    expand: u64,
) -> Result<(), Stop> {
    while let Some(member) = tar.next()? {
        if let MemberKind::Global { changes_entries } = member.kind {
            if changes_entries {
                let message = "a global extended header sets names or sizes, which runtimes pass over and others heed";
                let reason = Reason::new(ReasonKind::BadResponse, message);
                go_on(merger.unread(&member.name, reason))?;
            }
            continue;
        }
        entry(tar, merger, &member, expand)?;
    }
    Ok(())
}

fn entry(
    tar: &mut TarReader<LayerInput<'_>>,
    merger: &mut Merger<'_>,
    member: &Member,
    expand: u64,
) -> Result<(), Stop> {
    let name = inside(&member.name);
    go_on(note_oddities(merger, member, &name))?;
    if let Some(flow) = merger.whiteout(&name.path) {
        return go_on(flow);
    }
    let link = match member.kind {
        MemberKind::HardLink => inside(&member.link).path,
        _ => Vec::new(),
    };
    let found = found(member, &name.path, &link);
    go_on(merger.begin(&found))?;
    if found.kind != FoundKind::File {
        return Ok(());
    }
    let outcome = content(tar, merger, member.size <= expand);
    let told = match &outcome {
        Ok(()) => Ok(()),
        Err(stop) => Err(Reason::new(ReasonKind::Truncated, stop_text(stop))),
    };
    go_on(merger.end(told))?;
    outcome
}

fn note_oddities(merger: &mut Merger<'_>, member: &Member, name: &Inside) -> ControlFlow<Reason> {
    for (odd, oddity) in [
        (name.absolute, Oddity::AbsoluteName),
        (name.upward, Oddity::UpwardName),
        (member.kind == MemberKind::Other, Oddity::UnknownType),
        (name.too_long, Oddity::LongName),
    ] {
        if odd {
            merger.merged.note(oddity);
        }
    }
    if !name.too_long {
        return ControlFlow::Continue(());
    }
    let message = format!(
        "its name is longer than the {PATH_MAX} bytes of a path or the 255 of a part that Linux takes"
    );
    let shown = name.path.get(..80).unwrap_or(&name.path);
    merger.unread(shown, Reason::new(ReasonKind::BadResponse, message))
}

fn stop_text(stop: &Stop) -> String {
    match stop {
        Stop::Tar(error) => error.to_string(),
        Stop::Sink(reason) => reason.message.clone().unwrap_or_default(),
    }
}

fn found<'f>(member: &'f Member, path: &'f [u8], link: &'f [u8]) -> Found<'f> {
    let kind = match member.kind {
        MemberKind::File | MemberKind::Other | MemberKind::Global { .. } => FoundKind::File,
        MemberKind::HardLink => FoundKind::HardLink(link),
        MemberKind::Link => {
            let most = member.link.len().min(PATH_MAX);
            FoundKind::Link(member.link.get(..most).unwrap_or_default())
        }
        MemberKind::Dir => FoundKind::Dir,
        MemberKind::Special => FoundKind::Special,
    };
    Found {
        path,
        kind,
        mode: member.mode,
        uid: member.uid,
        gid: member.gid,
        size: member.size,
        capabilities: member.capabilities,
    }
}

const ZEROS: [u8; 4096] = [0; 4096];

/// Gives a file's content to the merger.
fn content(
    tar: &mut TarReader<LayerInput<'_>>,
    merger: &mut Merger<'_>,
    expand: bool,
) -> Result<(), Stop> {
    while let Some(piece) = tar.piece()? {
        match piece {
            Piece::Data(chunk) => go_on(merger.data(chunk))?,
            Piece::Hole(mut zeros) => {
                // In a large file the hole is only marked: it parts what is before and after it.
                if !expand {
                    zeros = zeros.min(16);
                }
                while zeros > 0 {
                    let some = zeros.min(ZEROS.len() as u64);
                    let some_zeros = usize::try_from(some)
                        .ok()
                        .and_then(|some| ZEROS.get(..some));
                    go_on(merger.data(some_zeros.unwrap_or_default()))?;
                    zeros -= some;
                }
            }
        }
    }
    Ok(())
}
