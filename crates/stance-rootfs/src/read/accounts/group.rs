//! `/etc/group` (group(5)): groups, who is in them, and groups that accounts name and that are not there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use stance_model::Reason;

use super::lines::{Facts, MOST, Rows, at, fact, lines, open, too_many};
use super::passwd::{Account, accounts, count};
use crate::read::FactReader;
use crate::root::{FileRef, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "group",
    wants: &["etc/group", "etc/passwd"],
    read: |root, _| fact(facts(root)),
};

/// One group.
struct Group {
    name: String,
    gid: u64,
    members: Vec<String>,
    line: u64,
}

fn facts(root: &Root) -> Facts {
    let Some(file) = open(root, "etc/group")? else {
        return Ok(None);
    };
    let (mut broken, mut compat) = (Rows::default(), Rows::default());
    let groups = groups(&file, &mut broken, &mut compat)?;
    let accounts = accounts(root)?;
    let (missing, memberships) = match &accounts {
        Some((passwd, accounts)) => (
            missing(passwd, accounts, &groups)?,
            memberships(&file, &groups, Some(passwd), accounts)?,
        ),
        None => (json!([]), memberships(&file, &groups, None, &[])?),
    };
    Ok(Some(json!({
        "entries": entries(&file, &groups)?,
        "broken": broken.finish("broken lines")?,
        "compat": compat.finish("NIS lines")?,
        "missing": missing,
        "memberships": memberships,
    })))
}

fn groups(file: &FileRef<'_>, broken: &mut Rows, compat: &mut Rows) -> Result<Vec<Group>, Reason> {
    let mut groups = Vec::new();
    for line in lines(file)? {
        let text = line.text.trim_end();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if text.starts_with(['+', '-']) {
            compat.push(at(file, Some(line.number), "+"));
            continue;
        }
        if groups.len() >= MOST {
            return Err(too_many("groups"));
        }
        match group(text, line.number) {
            Some(group) => groups.push(group),
            None => broken.push(at(file, Some(line.number), "")),
        }
    }
    Ok(groups)
}

fn group(text: &str, line: u64) -> Option<Group> {
    let fields: Vec<&str> = text.split(':').collect();
    let [name, _, gid, members] = fields.as_slice() else {
        return None;
    };
    let members = members.split(',').map(str::trim);
    Some(Group {
        name: Some((*name).to_owned()).filter(|name| !name.is_empty())?,
        gid: gid.parse().ok()?,
        members: members
            .filter(|member| !member.is_empty())
            .map(str::to_owned)
            .collect(),
        line,
    })
}

fn entries(file: &FileRef<'_>, groups: &[Group]) -> Result<Value, Reason> {
    let names = count(groups.iter().map(|group| group.name.as_str()));
    let gids = count(groups.iter().map(|group| group.gid));
    let mut entries = Rows::default();
    for group in groups {
        let what = format!("{} (gid {})", group.name, group.gid);
        entries.push(json!({
            "name": group.name,
            "gid": group.gid,
            "duplicate_name": names.get(group.name.as_str()).is_some_and(|times| *times > 1),
            "duplicate_gid": gids.get(&group.gid).is_some_and(|times| *times > 1),
            "at": at(file, Some(group.line), &what),
        }));
    }
    entries.finish("groups")
}

/// Accounts whose group is not there.
fn missing(passwd: &FileRef<'_>, accounts: &[Account], groups: &[Group]) -> Result<Value, Reason> {
    let known: BTreeSet<u64> = groups.iter().map(|group| group.gid).collect();
    let mut missing = Rows::default();
    for account in accounts.iter().filter(|a| !known.contains(&a.gid)) {
        let what = format!("{} (gid {})", account.name, account.gid);
        missing.push(json!({
            "user": account.name,
            "gid": account.gid,
            "at": at(passwd, Some(account.line), &what),
        }));
    }
    missing.finish("accounts")
}

/// Who is in which group, by the group's line and by the account's own.
fn memberships(
    file: &FileRef<'_>,
    groups: &[Group],
    passwd: Option<&FileRef<'_>>,
    accounts: &[Account],
) -> Result<Value, Reason> {
    let uids: BTreeMap<&str, u64> = accounts.iter().map(|a| (a.name.as_str(), a.uid)).collect();
    let mut rows = Rows::default();
    for group in groups {
        if rows.is_over() {
            break;
        }
        for user in &group.members {
            let uid = uids.get(user.as_str()).copied();
            let place = at(file, Some(group.line), &format!("{user}: {}", group.name));
            rows.push(membership(group, user, uid, false, &place));
        }
    }
    let by_gid: BTreeMap<u64, &Group> = groups.iter().rev().map(|g| (g.gid, g)).collect();
    for account in accounts {
        if let (Some(group), Some(passwd)) = (by_gid.get(&account.gid), passwd) {
            let what = format!("{}: {}", account.name, group.name);
            let place = at(passwd, Some(account.line), &what);
            rows.push(membership(
                group,
                &account.name,
                Some(account.uid),
                true,
                &place,
            ));
        }
    }
    rows.finish("memberships")
}

fn membership(group: &Group, user: &str, uid: Option<u64>, primary: bool, at: &Value) -> Value {
    json!({
        "group": group.name,
        "gid": group.gid,
        "user": user,
        "uid": uid,
        "primary": primary,
        "at": at,
    })
}
