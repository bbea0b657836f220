//! Sets of check ids as run-coded text, such as `1-8,12`.
//!
//! An asset carries the set of the checks that have a result for it. It says what to read, or to delete, for an asset
//! without a second index over all results.

use stance_model::CheckId;

use crate::error::StoreError;

/// The ids, ascending and each once, as text.
pub(crate) fn encode(ids: &[i64]) -> String {
    let mut text = String::new();
    let mut rest = ids.iter().copied().peekable();
    while let Some(first) = rest.next() {
        let mut last = first;
        while let Some(next) = rest.next_if_eq(&(last + 1)) {
            last = next;
        }
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&first.to_string());
        if last > first {
            text.push('-');
            text.push_str(&last.to_string());
        }
    }
    text
}

/// The ids of a text, ascending.
pub(crate) fn decode(text: &str) -> Result<Vec<i64>, StoreError> {
    let broken = || StoreError::corrupt(format!("`{text}` as a set of checks"));
    let mut ids = Vec::new();
    for run in text.split(',').filter(|r| !r.is_empty()) {
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        let (first, last): (i64, i64) = first
            .parse()
            .ok()
            .zip(last.parse().ok())
            .ok_or_else(broken)?;
        if first < 1 || first > last || last > CheckId::MAX {
            return Err(broken());
        }
        ids.extend(first..=last);
    }
    Ok(ids)
}

/// The ids in either of two ascending lists.
pub(crate) fn union(a: &[i64], b: &[i64]) -> Vec<i64> {
    let mut all = [a, b].concat();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_coded_and_read_back() {
        for (ids, text) in [
            (vec![], ""),
            (vec![7], "7"),
            (vec![1, 2, 3, 5, 7, 8], "1-3,5,7-8"),
            (vec![1, CheckId::MAX], "1,1048575"),
        ] {
            assert_eq!(encode(&ids), text);
            assert_eq!(decode(text).unwrap(), ids);
        }
        assert_eq!(union(&[1, 3], &[2, 3, 9]), [1, 2, 3, 9]);
    }

    #[test]
    fn a_broken_text_is_refused() {
        for text in ["x", "3-1", "0", "1-99999999", "1--2", "-1"] {
            assert!(decode(text).is_err(), "{text}");
        }
    }
}
