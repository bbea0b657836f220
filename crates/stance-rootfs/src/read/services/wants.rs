//! Which paths the tree keeps for a reader: what it does not keep may be there all the same.

/// The patterns of a reader, as in [`FactReader::wants`](crate::FactReader).
#[derive(Debug, Clone, Copy)]
pub(super) struct Wants(pub(super) &'static [&'static str]);

impl Wants {
    /// Whether everything that a path or pattern names is kept.
    pub(super) fn cover(self, path: &str) -> bool {
        let path = path.trim_start_matches('/');
        let plain = !path.split('/').any(|segment| segment == "..");
        plain && self.0.iter().any(|want| covers(want, path))
    }
}

fn covers(want: &str, path: &str) -> bool {
    if let Some(dir) = want.strip_suffix("**") {
        return path.starts_with(dir);
    }
    let Some(end) = want.strip_prefix("**/") else {
        return is_like(want, path);
    };
    let above = path
        .split('/')
        .count()
        .saturating_sub(end.split('/').count());
    let tail: Vec<&str> = path.split('/').skip(above).collect();
    is_like(end, &tail.join("/"))
}

/// Whether a pattern with at most one `*` a segment names a path.
pub(super) fn is_like(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut paths) = (segments(pattern), segments(path));
    loop {
        match (patterns.next(), paths.next()) {
            (None, None) => return true,
            (Some(pattern), Some(segment)) if is_segment_like(pattern, segment) => {}
            _ => return false,
        }
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter(|segment| !segment.is_empty() && *segment != ".")
}

fn is_segment_like(pattern: &str, segment: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == segment,
        Some((start, end)) => {
            let rest = segment.strip_prefix(start);
            rest.is_some_and(|rest| rest.ends_with(end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_elsewhere_is_not_covered() {
        let wants = Wants(&[
            "etc/nginx/**",
            "**/conf/*.xml",
            "etc/php*/conf.d/*.ini",
            "etc/my.cnf",
        ]);
        for path in [
            "/etc/nginx/a/b.conf",
            "etc/nginx/*.conf",
            "/opt/t/conf/web.xml",
            "/etc/php83/conf.d/*.ini",
            "/etc/my.cnf",
        ] {
            assert!(wants.cover(path), "{path}");
        }
        for path in [
            "/etc/nginx/../x",
            "/opt/app.conf",
            "/srv/*.conf",
            "/conf/a/web.xml",
            "/etc/php/x/conf.d/a.ini",
        ] {
            assert!(!wants.cover(path), "{path}");
        }
    }
}
