//! The search for secrets.

use std::sync::LazyLock;

use stance_catalog::Catalog;
use stance_rootfs::{SecretHit, SecretScanner};

static SCANNER: LazyLock<SecretScanner> = LazyLock::new(|| {
    let catalog = Catalog::builtin().expect("the built-in catalogue is sound");
    SecretScanner::new(catalog.secret_rules()).expect("its rules are sound")
});

/// The same bytes whole and in chunks give the same secrets. The first bytes say how large the chunks are.
pub fn secrets(data: &[u8]) {
    let Some((sizes, file)) = data.split_at_checked(4) else {
        return;
    };
    let whole = hits(file, &mut std::iter::once(file.len()));
    let mut sizes = sizes.iter().cycle().map(|size| usize::from(*size) + 1);
    let parts = hits(file, &mut sizes);
    assert_eq!(whole, parts);
    for hit in &whole {
        assert!(hit.line.is_none_or(|line| line >= 1));
    }
}

fn hits(file: &[u8], sizes: &mut dyn Iterator<Item = usize>) -> Vec<SecretHit> {
    let (mut stream, mut hits, mut rest) = (SCANNER.stream(), Vec::new(), file);
    stream.begin(b"srv/app/file");
    while !rest.is_empty() {
        let size = sizes.next().unwrap_or(1).min(rest.len());
        let (chunk, after) = rest.split_at(size);
        stream.feed(chunk);
        rest = after;
    }
    stream.finish(&mut hits);
    hits
}
