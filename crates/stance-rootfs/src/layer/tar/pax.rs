//! PAX records: `length key=value` lines, the value of any bytes, newlines among them.

use super::TarError;
use super::number::decimal;
use super::sparse::Fragment;

const BAD: TarError = TarError::Corrupt("an extended header cannot be read");

/// What the records of one extended header say.
#[derive(Debug, Clone, Default)]
pub(super) struct Pax {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<i64>,
    pub(super) uid: Option<i64>,
    pub(super) gid: Option<i64>,
    pub(super) capabilities: bool,
    pub(super) sparse: PaxSparse,
    /// Whether there is any record that changes names, sizes or maps.
    pub(super) changes_entries: bool,
}

/// The records of GNU's three ways to write sparse files in PAX.
#[derive(Debug, Clone, Default)]
pub(super) struct PaxSparse {
    pub(super) major: Vec<u8>,
    pub(super) minor: Vec<u8>,
    pub(super) name: Vec<u8>,
    pub(super) size: Vec<u8>,
    pub(super) real_size: Vec<u8>,
    pub(super) map: Option<Vec<Fragment>>,
    /// Numbers of version 0.0, which come as one record each: offset, length, offset, length …
    numbers: Vec<i64>,
}

impl Pax {
    /// Reads all records of an extended header.
    ///
    /// # Errors
    /// A record is not of the form.
    pub(super) fn read(mut bytes: &[u8]) -> Result<Self, TarError> {
        let mut pax = Self::default();
        while !bytes.is_empty() {
            let (key, value, rest) = record(bytes)?;
            pax.take(key, value)?;
            bytes = rest;
        }
        pax.sparse.close()?;
        Ok(pax)
    }

    /// Takes one record. An empty value takes back what a global header said, which is nothing.
    fn take(&mut self, key: &[u8], value: &[u8]) -> Result<(), TarError> {
        let number = |value: &[u8]| match value {
            [] => Ok(None),
            value => decimal(value).map(Some),
        };
        let filled = (!value.is_empty()).then(|| value.to_vec());
        match key {
            b"path" => self.path = filled,
            b"linkpath" => self.link = filled,
            b"size" => self.size = number(value)?,
            b"uid" => self.uid = number(value)?,
            b"gid" => self.gid = number(value)?,
            b"SCHILY.xattr.security.capability" | b"LIBARCHIVE.xattr.security.capability" => {
                self.capabilities = !value.is_empty();
            }
            _ => self.sparse.take(key, value)?,
        }
        self.changes_entries |=
            matches!(key, b"path" | b"linkpath" | b"size") || key.starts_with(b"GNU.sparse.");
        Ok(())
    }
}

impl PaxSparse {
    fn take(&mut self, key: &[u8], value: &[u8]) -> Result<(), TarError> {
        let kept = || value.to_vec();
        match key {
            b"GNU.sparse.major" => self.major = kept(),
            b"GNU.sparse.minor" => self.minor = kept(),
            b"GNU.sparse.name" => self.name = kept(),
            b"GNU.sparse.size" => self.size = kept(),
            b"GNU.sparse.realsize" => self.real_size = kept(),
            b"GNU.sparse.offset" => self.number(value, 0)?,
            b"GNU.sparse.numbytes" => self.number(value, 1)?,
            b"GNU.sparse.map" => self.map = Some(map(value)?),
            _ => {}
        }
        Ok(())
    }

    /// One number of version 0.0; offsets and lengths must take turns.
    fn number(&mut self, value: &[u8], turn: usize) -> Result<(), TarError> {
        if self.numbers.len() % 2 != turn {
            return Err(BAD);
        }
        self.numbers.push(decimal(value)?);
        Ok(())
    }

    fn close(&mut self) -> Result<(), TarError> {
        if !self.numbers.is_empty() {
            self.map = Some(fragments(&self.numbers)?);
        }
        Ok(())
    }
}

/// The map of version 0.1: numbers between commas.
fn map(value: &[u8]) -> Result<Vec<Fragment>, TarError> {
    if value.is_empty() {
        return Ok(Vec::new());
    }
    let numbers: Result<Vec<i64>, _> = value.split(|byte| *byte == b',').map(decimal).collect();
    fragments(&numbers?)
}

/// Pairs of offset and length.
pub(super) fn fragments(numbers: &[i64]) -> Result<Vec<Fragment>, TarError> {
    let pairs = numbers.chunks(2).map(|pair| match pair {
        [offset, length] => Fragment::new(*offset, *length),
        _ => Err(BAD),
    });
    pairs.collect()
}

/// A record's key and value, and what follows it.
type Record<'b> = (&'b [u8], &'b [u8], &'b [u8]);

/// The first record.
fn record(bytes: &[u8]) -> Result<Record<'_>, TarError> {
    let space = memchr::memchr(b' ', bytes).ok_or(BAD)?;
    let length = decimal(bytes.get(..space).ok_or(BAD)?)?;
    let length = usize::try_from(length).map_err(|_| BAD)?;
    if length <= space + 1 || length > bytes.len() {
        return Err(BAD);
    }
    let (record, rest) = bytes.split_at_checked(length).ok_or(BAD)?;
    let body = record.get(space + 1..).and_then(|r| r.strip_suffix(b"\n"));
    let body = body.ok_or(BAD)?;
    let equals = memchr::memchr(b'=', body).ok_or(BAD)?;
    let (key, value) = body.split_at_checked(equals).ok_or(BAD)?;
    let value = value.get(1..).unwrap_or_default();
    if key.is_empty() || has_nul(key, value) {
        return Err(BAD);
    }
    Ok((key, value, rest))
}

/// Names hold no NUL: a reader in C would end them there.
fn has_nul(key: &[u8], value: &[u8]) -> bool {
    let checked = match key {
        b"path" | b"linkpath" | b"uname" | b"gname" | b"GNU.sparse.name" => value,
        _ => key,
    };
    memchr::memchr(0, checked).is_some()
}

#[cfg(test)]
mod tests {
    use super::Pax;

    #[test]
    fn a_value_may_hold_newlines_and_equals_signs() {
        let pax = Pax::read(b"16 path=a\n9 b=c\n12 size=100\n").unwrap();
        assert_eq!(pax.path.as_deref(), Some(&b"a\n9 b=c"[..]));
        assert_eq!(pax.size, Some(100));
    }

    #[test]
    fn broken_records_are_refused() {
        for bad in [
            &b"9 path=a"[..],
            b"99 path=a\n",
            b"0 path=a\n",
            b"x path=a\n",
            b"10 path=a\0\n",
            b"7 patha\n",
            b"11 size=1x4\n",
        ] {
            assert!(Pax::read(bad).is_err(), "{bad:?}");
        }
    }
}
