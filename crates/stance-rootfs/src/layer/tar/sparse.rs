//! Sparse files: where the data of a file lies in it.

use super::TarError;

const BAD: TarError = TarError::Corrupt("the map of a sparse file cannot be read");

/// One run of data in a sparse file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fragment {
    pub(super) offset: u64,
    pub(super) length: u64,
}

impl Fragment {
    pub(super) fn new(offset: i64, length: i64) -> Result<Self, TarError> {
        Ok(Self {
            offset: u64::try_from(offset).map_err(|_| BAD)?,
            length: u64::try_from(length).map_err(|_| BAD)?,
        })
    }
}

/// One run of a file's content: data that comes from the archive, or zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    Data(u64),
    Hole(u64),
}

/// The runs of a file from its map, the last one first.
///
/// # Errors
/// Fragments overlap, go back, or go beyond the file.
pub(super) fn runs(map: &[Fragment], size: u64) -> Result<Vec<Run>, TarError> {
    let mut runs = Vec::with_capacity(map.len() * 2 + 1);
    let mut at = 0;
    for fragment in map {
        let end = fragment.offset.checked_add(fragment.length).ok_or(BAD)?;
        if fragment.offset < at || end > size {
            return Err(BAD);
        }
        runs.push(Run::Hole(fragment.offset - at));
        runs.push(Run::Data(fragment.length));
        at = end;
    }
    runs.push(Run::Hole(size - at));
    runs.retain(|run| !matches!(run, Run::Hole(0) | Run::Data(0)));
    runs.reverse();
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_become_runs_or_are_refused() {
        let fragment = |offset, length| Fragment { offset, length };
        let map = [fragment(2, 3), fragment(9, 0), fragment(9, 1)];
        let mut got = runs(&map, 12).unwrap();
        got.reverse();
        assert_eq!(
            got,
            [
                Run::Hole(2),
                Run::Data(3),
                Run::Hole(4),
                Run::Data(1),
                Run::Hole(2)
            ]
        );
        assert!(runs(&[fragment(2, 3), fragment(4, 1)], 12).is_err());
        assert!(runs(&[fragment(2, 11)], 12).is_err());
        assert!(runs(&[fragment(u64::MAX, 1)], 12).is_err());
    }
}
