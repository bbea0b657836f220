//! Words of a line, quoted or not.

/// Splits a line at white space as most programs do: `"…"` and `'…'` keep it, a backslash inside double quotes takes
/// the next character as it is, `#` at the beginning of a word ends the line.
pub(in crate::read::services) fn split(line: &str) -> Vec<String> {
    words(line, true)
}

/// The same where `#` is no comment.
pub(in crate::read::services) fn whole(line: &str) -> Vec<String> {
    words(line, false)
}

fn words(line: &str, comments: bool) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut inside = false;
    let mut quote = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match quote {
            Some(end) if c == end => quote = None,
            Some('"') if c == '\\' && matches!(chars.peek(), Some('"' | '\\')) => {
                word.extend(chars.next());
            }
            Some(_) => word.push(c),
            None if c == '"' || c == '\'' => (quote, inside) = (Some(c), true),
            None if c == '#' && comments && !inside => break,
            None if c.is_whitespace() => {
                if std::mem::take(&mut inside) {
                    words.push(std::mem::take(&mut word));
                }
            }
            None => {
                word.push(c);
                inside = true;
            }
        }
    }
    if inside {
        words.push(word);
    }
    words
}

/// A value without the quotes around it.
pub(in crate::read::services) fn unquote(value: &str) -> &str {
    for quote in ['"', '\''] {
        let inner = value
            .strip_prefix(quote)
            .and_then(|v| v.strip_suffix(quote));
        if let Some(inner) = inner {
            return inner;
        }
    }
    value
}

/// A name of several words in one form: in lower case, joined with `_`.
pub(in crate::read::services) fn name(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join("_")
}

/// `yes` and `no` for the many words that mean them; anything else in lower case.
pub(in crate::read::services) fn truth(value: &str) -> String {
    let lower = value.trim().to_ascii_lowercase();
    match lower.as_str() {
        "1" | "on" | "yes" | "true" | "enable" | "enabled" => "yes".to_owned(),
        "0" | "off" | "no" | "false" | "none" | "disable" | "disabled" => "no".to_owned(),
        _ => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_space_and_comments_end_the_line() {
        assert_eq!(
            split(r#"a "b c" 'd "e' f#g # h"#),
            ["a", "b c", "d \"e", "f#g"]
        );
        assert_eq!(split(r#""a \"b\" \n" "" c"#), ["a \"b\" \\n", "", "c"]);
        assert_eq!(split("\"open"), ["open"]);
        assert!(split("  # only").is_empty());
    }

    #[test]
    fn many_words_mean_yes() {
        assert_eq!(truth(" ON "), "yes");
        assert_eq!(truth("False"), "no");
        assert_eq!(truth("Stderr"), "stderr");
    }
}
