//! `Www-Authenticate`: what a registry wants to see before it answers.

/// The most challenges, and parameters of one.
const MOST: usize = 16;
/// The most bytes of the header.
const LENGTH: usize = 8 << 10;

/// One way to log in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Challenge {
    /// `bearer`, `basic`, …, in lower case.
    pub(super) scheme: String,
    params: Vec<(String, String)>,
}

impl Challenge {
    /// A parameter by its name in lower case; the first one of that name.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The challenges of one header; what cannot be read ends them.
pub(super) fn parse(header: &str) -> Vec<Challenge> {
    let mut rest = header.get(..LENGTH.min(header.len())).unwrap_or_default();
    let mut challenges: Vec<Challenge> = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let Some((word, after)) = token(rest) else {
            return challenges;
        };
        let value = after.trim_start_matches([' ', '\t']).strip_prefix('=');
        let count = challenges.len();
        match (value, challenges.last_mut()) {
            (Some(after), Some(challenge)) if challenge.params.len() < MOST => {
                let Some((value, after)) = value_of(after.trim_start_matches([' ', '\t'])) else {
                    return challenges;
                };
                challenge.params.push((word.to_ascii_lowercase(), value));
                rest = after;
            }
            (None, _) if count < MOST => {
                challenges.push(Challenge {
                    scheme: word.to_ascii_lowercase(),
                    params: Vec::new(),
                });
                rest = after;
            }
            _ => return challenges,
        }
    }
}

fn token(text: &str) -> Option<(&str, &str)> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let end = text.find(|c| !fits(c)).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    (!word.is_empty()).then_some((word, rest))
}

fn value_of(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end)?;
        return Some((value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, quoted.get(at + 1..).unwrap_or_default())),
            '\\' => value.push(chars.next()?.1),
            c => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn challenges_are_read_as_servers_write_them() {
        let bearer = r#"Bearer realm="https://auth.example/token?a=b,c",service="r.example",scope="repository:a:pull,push""#;
        let read = parse(bearer);
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].scheme, "bearer");
        assert_eq!(
            read[0].param("realm"),
            Some("https://auth.example/token?a=b,c")
        );
        assert_eq!(read[0].param("scope"), Some("repository:a:pull,push"));
        let two = parse(r#"basic REALM = x , Bearer realm="a\"b""#);
        assert_eq!(
            (two[0].scheme.as_str(), two[0].param("realm")),
            ("basic", Some("x"))
        );
        assert_eq!(
            (two[1].scheme.as_str(), two[1].param("realm")),
            ("bearer", Some("a\"b"))
        );
    }

    #[test]
    fn broken_ones_end_the_list() {
        assert_eq!(parse(""), []);
        assert_eq!(parse("="), []);
        assert_eq!(parse(r#"Bearer realm="never ends"#).len(), 1);
        assert_eq!(parse(&"a ".repeat(1000)).len(), MOST);
        assert_eq!(parse("a=b"), []);
    }

    proptest! {
        #[test]
        fn nothing_panics(header in "[ -~é]{0,200}") {
            let _ = parse(&header);
        }
    }
}
