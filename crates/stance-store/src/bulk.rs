//! Bulk writes: many rows as one JSON parameter.

use serde::Serialize;

use crate::error::StoreError;

/// Rows in one parameter.
const ROWS: usize = 5_000;
/// Bytes of one parameter, after which no further row is added.
const BYTES: usize = 4 << 20;

/// Cuts rows into JSON parameters, each a list of at most 5,000 rows.
#[derive(Debug)]
pub(crate) struct Chunks<'a, T> {
    rows: &'a [T],
}

/// The JSON parameters that carry `rows`; each row is a tuple and becomes a list.
pub(crate) fn chunks<T: Serialize>(rows: &[T]) -> Chunks<'_, T> {
    Chunks { rows }
}

/// All of `rows` in one JSON parameter, for short lists.
pub(crate) fn whole<T: Serialize>(rows: &[T]) -> Result<String, StoreError> {
    serde_json::to_string(rows)
        .map_err(|e| StoreError::corrupt(format!("a row that is no JSON ({e})")))
}

impl<T: Serialize> Chunks<'_, T> {
    fn cut(&mut self) -> Result<String, StoreError> {
        let mut out = b"[".to_vec();
        let mut count = 0;
        for row in self.rows.iter().take(ROWS) {
            if count > 0 {
                out.push(b',');
            }
            serde_json::to_writer(&mut out, row)
                .map_err(|e| StoreError::corrupt(format!("a row ({e})")))?;
            count += 1;
            if out.len() > BYTES {
                break;
            }
        }
        out.push(b']');
        self.rows = self.rows.get(count..).unwrap_or_default();
        String::from_utf8(out)
            .map_err(|e| StoreError::corrupt(format!("a row that is no text ({e})")))
    }
}

impl<T: Serialize> Iterator for Chunks<'_, T> {
    type Item = Result<String, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rows.is_empty() {
            None
        } else {
            Some(self.cut())
        }
    }
}
