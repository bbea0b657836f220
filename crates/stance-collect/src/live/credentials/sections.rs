//! Files of sections: `[name]`, then lines of `key = value`.

use std::collections::BTreeMap;

/// The sections by name, each with its values by key; keys are in lower case. Comments and what is no such line are
/// passed over.
pub(super) fn sections(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            name.trim().clone_into(&mut current);
            found.entry(current.clone()).or_default();
        } else if let Some((key, value)) = line.split_once('=') {
            let section = found.entry(current.clone()).or_default();
            section.insert(key.trim().to_lowercase(), value.trim().to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::sections;

    #[test]
    fn values_lie_in_their_sections() {
        let found =
            sections("# keys\n[default]\nSecret_Id = a=b \n;x=y\n\n[ other ]\nk=\nbroken\n");
        assert_eq!(found["default"]["secret_id"], "a=b");
        assert_eq!(found["other"]["k"], "");
        assert_eq!(found.len(), 2);
    }
}
