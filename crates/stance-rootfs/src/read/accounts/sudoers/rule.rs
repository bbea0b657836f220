//! One rule of sudoers: `users hosts = (runas) TAG: command, … : hosts = …`.

use super::aliases::Aliases;

/// Tags that stand before commands and hold for the ones after, with what they set.
const TAGS: &[&str] = &[
    "EXEC",
    "NOEXEC",
    "FOLLOW",
    "NOFOLLOW",
    "INTERCEPT",
    "NOINTERCEPT",
    "LOG_INPUT",
    "NOLOG_INPUT",
    "LOG_OUTPUT",
    "NOLOG_OUTPUT",
    "MAIL",
    "NOMAIL",
    "PASSWD",
    "NOPASSWD",
    "SETENV",
    "NOSETENV",
];

/// The most commands of a rule that are kept.
const MOST: usize = 50;

/// What users may run, by commands that share their tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rule {
    /// The users as they stand after aliases: names, `%group`, `#uid`, `ALL`.
    pub(super) users: Vec<String>,
    /// Whom they may run as, as written: `(ALL:ALL)`; empty for root.
    pub(super) runas: String,
    /// The programs, after aliases, without their arguments (which may hold passwords).
    pub(super) commands: Vec<String>,
    /// Every user.
    pub(super) all_users: bool,
    /// Every command.
    pub(super) all_commands: bool,
    /// Root only, who may do all anyway.
    pub(super) root_only: bool,
    /// No password is asked for.
    pub(super) nopasswd: bool,
    /// The user may set the environment.
    pub(super) setenv: bool,
}

/// The rules of a statement; none where it has no such form.
pub(super) fn parse(text: &str, aliases: &Aliases) -> Option<Vec<Rule>> {
    let (left, right) = text.split_once('=')?;
    let users = users(left)?;
    let users = aliases.users(&users);
    let mut rules: Vec<Rule> = Vec::new();
    let mut state = Rule {
        all_users: users.iter().any(|user| user == "ALL"),
        root_only: users.iter().all(|user| user == "root" || user == "#0"),
        users,
        ..Rule::default()
    };
    for item in split(right, ',') {
        let command = tags(&item, &mut state);
        if command.is_empty() {
            continue;
        }
        let same = rules.last_mut().filter(|last| {
            (last.nopasswd, last.setenv, &last.runas)
                == (state.nopasswd, state.setenv, &state.runas)
        });
        match same {
            Some(last) => add(last, aliases, command),
            None => {
                let mut rule = state.clone();
                add(&mut rule, aliases, command);
                rules.push(rule);
            }
        }
    }
    (!rules.is_empty()).then_some(rules)
}

fn add(rule: &mut Rule, aliases: &Aliases, command: &str) {
    for command in aliases.commands(command) {
        rule.all_commands |= command == "ALL";
        if let Some(program) = command.split_whitespace().next()
            && rule.commands.len() < MOST
        {
            rule.commands.push(program.to_owned());
        }
    }
}

/// The list of users: what stands before the list of hosts, where blanks around commas do not count.
fn users(left: &str) -> Option<Vec<String>> {
    let items = split(left, ',');
    let mut users = Vec::new();
    for item in &items {
        let mut words = item.split_whitespace();
        users.push(words.next()?.to_owned());
        if words.next().is_some() {
            return Some(users);
        }
    }
    None
}

/// Takes `(runas)`, options and tags from the front of a command; what is left is the command. After a colon that ends
/// no tag, other hosts follow: their commands count as well.
fn tags<'t>(item: &'t str, state: &mut Rule) -> &'t str {
    let mut rest = item.trim();
    loop {
        if let Some(inside) = rest.strip_prefix('(') {
            let (runas, after) = inside.split_once(')').unwrap_or((inside, ""));
            state.runas = format!("({})", runas.trim());
            rest = after.trim_start();
            continue;
        }
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let after = after.trim_start();
        if let Some(after) = after.strip_prefix(':').filter(|_| TAGS.contains(&name)) {
            set(name, state);
            rest = after.trim_start();
        } else if let Some(value) = after.strip_prefix('=').filter(|_| !name.is_empty()) {
            rest = value
                .split_once(char::is_whitespace)
                .map_or("", |(_, after)| after.trim_start());
        } else {
            return rest;
        }
    }
}

fn set(tag: &str, state: &mut Rule) {
    match tag {
        "NOPASSWD" => state.nopasswd = true,
        "PASSWD" => state.nopasswd = false,
        "SETENV" => state.setenv = true,
        "NOSETENV" => state.setenv = false,
        _ => {}
    }
}

/// Splits at a character that is neither escaped nor within quotes or parentheses; trimmed, without empty parts.
pub(super) fn split(text: &str, at: char) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut quoted, mut depth, mut escaped) = (false, 0usize, false);
    for character in text.chars() {
        if escaped {
            escaped = false;
        } else {
            match character {
                '\\' => escaped = true,
                '"' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth = depth.saturating_sub(1),
                _ if character == at && !quoted && depth == 0 => {
                    parts.push(std::mem::take(&mut part));
                    continue;
                }
                _ => {}
            }
        }
        part.push(character);
    }
    parts.push(part);
    let trimmed = parts.into_iter().map(|part| part.trim().to_owned());
    trimmed.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Rule {
        parse(text, &Aliases::default()).unwrap().remove(0)
    }

    #[test]
    fn users_tags_and_commands_are_read() {
        let rule = one("deploy ALL=(ALL:ALL) NOPASSWD: ALL");
        assert!(rule.nopasswd && rule.all_commands && !rule.all_users && !rule.root_only);
        assert_eq!(rule.users, ["deploy"]);
        assert_eq!(rule.runas, "(ALL:ALL)");
        let rule = one("root ALL=(ALL) ALL");
        assert!(rule.root_only && !rule.nopasswd);
        let rule = one("a , %b host1,host2 = NOPASSWD:SETENV: /bin/ls -l, /bin/cat");
        assert_eq!(rule.users, ["a", "%b"]);
        assert_eq!(rule.commands, ["/bin/ls", "/bin/cat"]);
        assert!(rule.setenv);
        assert!(one("ALL ALL=(root) TIMEOUT=5m NOPASSWD: ALL").all_users);
    }

    #[test]
    fn a_later_tag_begins_a_new_rule() {
        let rules = parse("a ALL=NOPASSWD: /bin/ls, PASSWD: ALL", &Aliases::default()).unwrap();
        let got: Vec<_> = rules.iter().map(|r| (r.nopasswd, r.all_commands)).collect();
        assert_eq!(got, [(true, false), (false, true)]);
    }

    #[test]
    fn what_is_no_rule_is_told() {
        for text in ["nonsense", "a =", "= ALL", "a b c"] {
            assert_eq!(parse(text, &Aliases::default()), None, "{text}");
        }
    }
}
